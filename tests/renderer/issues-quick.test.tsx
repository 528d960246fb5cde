import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { discardDraft } from '../../renderer/features/issues/issue-draft.ts';
import { QuickIssue } from '../../renderer/features/issues/QuickIssue.tsx';
import { useQuickIssue } from '../../renderer/features/issues/use-quick-issue.ts';
import type { CallResult } from '../../shared/contract/errors.ts';
import { draw } from './screen.tsx';

const left: string[] = [];

function Panel({ accountId }: { accountId?: string }) {
	const state = useQuickIssue(accountId, (id) => left.push(`created ${id}`));
	return <QuickIssue state={state} onLeave={() => left.push('left')} />;
}

/** Draws the panel; `answer` is what core says to `issues.create`. */
function open(accountId?: string, answer?: CallResult<unknown>) {
	const drawn = draw(<Panel accountId={accountId} />);
	const sent: unknown[] = [];
	if (answer) {
		const before = window.fieldbook.call;
		const bridge = {
			...window.fieldbook,
			call: async (method: string, input: unknown) => {
				if (method !== 'issues.create') return before(method as 'app.info', input as Record<string, never>);
				sent.push(input);
				return answer;
			},
		};
		Object.defineProperty(window, 'fieldbook', { value: bridge, configurable: true });
	}
	return { ...drawn, sent };
}

const title = () => screen.getByLabelText('Title') as HTMLInputElement;
const due = () => screen.getByLabelText('Due') as HTMLInputElement;
const create = () => fireEvent.click(screen.getByRole('button', { name: /Create issue/ }));

describe('a new issue', () => {
	beforeEach(() => {
		left.length = 0;
		discardDraft();
	});

	it('keeps what was typed when left by Esc, until it is discarded', () => {
		const first = open();
		fireEvent.change(title(), { target: { value: 'Late receipts' } });
		fireEvent.change(due(), { target: { value: 'in 3 days' } });
		fireEvent.keyDown(title(), { key: 'Escape' });
		expect(left).toEqual(['left']);
		first.unmount();
		const second = open();
		expect(title().value).toBe('Late receipts');
		expect(due().value).toBe('in 3 days');
		fireEvent.click(screen.getByRole('button', { name: 'Discard' }));
		expect(title().value).toBe('');
		second.unmount();
		open();
		expect(title().value).toBe('');
	});

	it('says what is missing and sends nothing', async () => {
		const { sent } = open(undefined, { ok: true, value: { id: 'x' } });
		fireEvent.change(due(), { target: { value: 'some day' } });
		create();
		expect(await screen.findByText('An issue needs a title.')).toBeTruthy();
		expect(screen.getByText('Choose the account it belongs to.')).toBeTruthy();
		expect(screen.getByText(/“some day” is not a day/)).toBeTruthy();
		expect(sent).toEqual([]);
	});

	it('sends the day that was understood and opens the issue', async () => {
		const { sent } = open('acc-2', { ok: true, value: { id: 'i1' } });
		fireEvent.change(title(), { target: { value: 'Late receipts' } });
		fireEvent.change(due(), { target: { value: '2026-12-01' } });
		create();
		await waitFor(() => expect(left).toEqual(['created i1']));
		expect(sent[0]).toMatchObject({
			account_id: 'acc-2',
			title: 'Late receipts',
			due_date: '2026-12-01',
			type: 'QUERY',
		});
	});

	it('keeps the text on the screen when core refuses', async () => {
		const error = { code: 'disk_full', message: 'The disk is full.' } as const;
		open('acc-2', { ok: false, error });
		fireEvent.change(title(), { target: { value: 'Late receipts' } });
		create();
		expect(await screen.findByText(/The disk is full/)).toBeTruthy();
		expect(title().value).toBe('Late receipts');
		expect(left).toEqual([]);
	});
});
