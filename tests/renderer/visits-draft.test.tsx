import { act, fireEvent, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { NewVisit } from '../../renderer/features/visits/NewVisit.tsx';
import { useNewVisit } from '../../renderer/features/visits/use-new-visit.ts';
import { VisitTimeFields } from '../../renderer/features/visits/VisitTimeFields.tsx';
import { discardDraft } from '../../renderer/features/visits/visit-draft.ts';
import type { CallResult } from '../../shared/contract/errors.ts';
import type { Visit } from '../../shared/entities/visit.ts';
import { draw } from './screen.tsx';

const left = vi.fn();

function Panel() {
	const state = useNewVisit(undefined, () => undefined);
	return <NewVisit state={state} onLeave={left} />;
}

const box = (label: string) => screen.getByLabelText<HTMLInputElement>(label, { selector: 'input' });
const type = (label: string, value: string) => fireEvent.change(box(label), { target: { value } });

describe('a new visit', () => {
	beforeEach(discardDraft);

	it('keeps what was typed when left, until it is discarded', () => {
		const first = draw(<Panel />);
		type('Purpose', 'Yearly review');
		type('Place', 'Main building');
		type('Starts at the site, time', '10:30');
		fireEvent.blur(box('Starts at the site, time'));
		fireEvent.keyDown(box('Purpose'), { key: 'Escape' });
		expect(left).toHaveBeenCalledTimes(1);
		first.unmount();
		const second = draw(<Panel />);
		expect(box('Purpose').value).toBe('Yearly review');
		expect(box('Place').value).toBe('Main building');
		expect(box('Starts at the site, time').value).toBe('10:30');
		fireEvent.click(screen.getByRole('button', { name: 'Discard' }));
		expect(box('Purpose').value).toBe('');
		second.unmount();
		draw(<Panel />);
		expect(box('Starts at the site, time').value).toBe('09:00');
	});
});

describe('the times of a visit', () => {
	it('stay as typed when they are refused, and go along with the next', async () => {
		const visit = { local_start: '2026-11-24T09:00', local_end: '2026-11-24T12:00', time_zone: 'Europe/Zurich' };
		const full = { ok: false, error: { code: 'bad_input', message: 'no' } } as const;
		let result: CallResult<unknown> = full;
		const onPatch = vi.fn(async () => result);
		draw(<VisitTimeFields visit={visit as Visit} onPatch={onPatch} />);
		type('Ends, time', '08:00');
		await act(async () => void fireEvent.blur(box('Ends, time')));
		expect(box('Ends, time').value).toBe('08:00');
		expect(screen.getByRole('alert')).toBeTruthy();
		result = { ok: true, value: null };
		type('Starts, time', '07:00');
		await act(async () => void fireEvent.blur(box('Starts, time')));
		expect(onPatch).toHaveBeenLastCalledWith({ local_start: '2026-11-24T07:00', local_end: '2026-11-24T08:00' });
		expect(screen.queryByRole('alert')).toBeNull();
	});
});
