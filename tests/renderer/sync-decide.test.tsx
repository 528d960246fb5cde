import { act, fireEvent, screen, within } from '@testing-library/react';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { RailSync } from '../../renderer/app/RailSync.tsx';
import { homeless } from '../../renderer/dev/fake-decide.ts';
import { syncStates, syncStatus } from '../../renderer/dev/fake-sync.ts';
import { whereWords, writtenWords } from '../../renderer/features/handovers/handover-words.ts';
import { consequenceWords, goneWords } from '../../renderer/features/homeless/homeless-words.ts';
import { listenForKeys } from '../../renderer/lib/keys.ts';
import { runCommand } from '../../renderer/lib/use-command.ts';
import { Toasts } from '../../renderer/ui/Toasts.tsx';
import { SyncView } from '../../renderer/views/sync/SyncView.tsx';
import type { Brake, HandoverRow, HomelessRecord, SyncStatus } from '../../shared/contract/sync-models.ts';
import { draw } from './screen.tsx';

let sent: [method: string, input: unknown][] = [];

const note = (name: string) => (input: unknown) => {
	sent.push([name, input]);
	return undefined;
};

function open(status: Partial<SyncStatus> = {}) {
	const { hook } = memoryLocation({ path: '/sync' });
	return draw(
		<Router hook={hook}>
			<SyncView part="decide" />
			<Toasts />
		</Router>,
		{
			answers: {
				'sync.status': () => ({ ...syncStatus, conflicts: 0, ...status }),
				'homeless.settle': note('settle'),
				'handovers.take': note('take'),
				'sync.brake': note('brake'),
			},
		},
	);
}

const press = (key: string) =>
	act(async () => {
		fireEvent.keyDown(document.activeElement ?? document.body, { key });
		await new Promise((resolve) => setTimeout(resolve, 10));
	});

beforeAll(() => {
	listenForKeys(runCommand, false);
});
beforeEach(() => {
	sent = [];
});

describe('a record without a home', () => {
	const record = homeless[0] as HomelessRecord;
	const about = { entity: record.entity, id: record.id };

	it('says what it belonged to, who deleted that and when', async () => {
		open();
		expect(await screen.findByText(/the visit “Quarterly review in Basel”, deleted by Ben Roth on /)).toBeTruthy();
		expect(goneWords({ ...record, lost: { ...record.lost, title: null, deletedAt: null } })).toBe(
			'It belongs to a visit that is not here, which never came to this computer.',
		);
	});

	it('says before what bringing back and deleting would do, and afterwards what came back', async () => {
		open();
		expect(
			await screen.findByText(
				'Bring it back: the visit “Quarterly review in Basel”, with 6 attendees and 9 checklist items, is there again for everybody. Delete: only this note goes to the trash, for 30 days; its 2 files stay with Halden Pharma AG.',
			),
		).toBeTruthy();
		await press('1');
		expect(
			await screen.findByText(/^Brought back: the visit .*, with 6 attendees and 9 checklist items$/),
		).toBeTruthy();
		expect(consequenceWords({ ...record, files: 0, lost: { ...record.lost, deletedAt: null } })).toBe(
			'Delete: only this note goes to the trash, for 30 days.',
		);
	});

	it('1 brings its place back, 2 leads to the other places, 3 deletes it; each can be undone', async () => {
		open();
		await screen.findByRole('article', { name: record.title });
		await press('1');
		await press('3');
		expect(sent).toEqual([
			['settle', { ...about, choice: 'bring_back' }],
			['settle', { ...about, choice: 'delete' }],
		]);
		expect(screen.getByRole('button', { name: /Undo/ })).toBeTruthy();
		await press('2');
		expect(document.activeElement?.id).toBe(screen.getByLabelText(/Another place for/, { selector: 'input' }).id);
	});

	it('moves to a place of the same client only', async () => {
		open();
		const card = await screen.findByRole('article', { name: record.title });
		await act(async () => void fireEvent.click(within(card).getByRole('button', { name: /Move there/ })));
		expect(sent).toEqual([['settle', { ...about, choice: 'move', parent_type: 'visit', parent_id: 'vis-1' }]]);
	});

	it('leaves its keys to a conflict that stands above it', async () => {
		open({ conflicts: 1 });
		await screen.findByRole('article', { name: record.title });
		await press('3');
		expect(sent.filter(([name]) => name === 'settle')).toEqual([]);
	});
});

describe('hand-overs', () => {
	it('are taken over by the new owner, and shown to their author without that', async () => {
		open();
		const theirs = await screen.findByRole('article', { name: /^Jonas Keller wrote on Halden Pharma AG: / });
		const mine = screen.getByRole('article', { name: /^You wrote on an account that a colleague has now/ });
		expect(within(mine).queryByRole('button', { name: 'Take over' })).toBeNull();
		await act(async () => void fireEvent.click(within(theirs).getByRole('button', { name: 'Take over' })));
		expect(sent).toEqual([['take', { id: 'han-1' }]]);
	});

	it('say who wrote where, what is in it record by record, and what can be done', async () => {
		open();
		const theirs = (await screen.findByRole('article', { name: /^Jonas Keller/ })).textContent ?? '';
		for (const words of [
			'1 record new, 1 record changed, 1 record deleted',
			'Issue changed I-503 Late receipt from the agent in Korea',
			'Status: Waiting for client',
			'Due: Fri 4 Dec 2026',
			'New note Call with the head of IP',
			'Text: They want one named person',
			'Task deleted Ask the agent for the receipt',
			'change what does not, then take it over',
		])
			expect(theirs).toContain(words);
		const mine = screen.getByRole('article', { name: /^You wrote/ }).textContent ?? '';
		expect(mine).toContain('The account was not with you when it was written.');
		expect(mine).toContain('you need do nothing');
		expect(`${theirs}${mine}`).not.toMatch(/\*|emptied|acc-9|no_access/);
	});

	it('say the author’s own time and whether they stand', () => {
		expect(writtenWords('2026-11-23T18:20:00+09:00')).toBe('Mon 23 Nov 2026, 18:20 (UTC+09:00)');
		const row = (kind: HandoverRow['kind'], mine: boolean) => whereWords({ kind, mine } as HandoverRow);
		expect(new Set([row('APPLIED', true), row('APPLIED', false), row('HELD', true), row('HELD', false)]).size).toBe(4);
		expect(row('HELD', false)).toMatch(/stands in no record/);
	});
});

describe('the brake', () => {
	const brake = { ...(syncStates['brake']?.brake as Brake), kept: false };

	it('says what the office wants and that nothing has happened, and does what is chosen', async () => {
		open({ brake });
		expect(
			await screen.findByText('The office wants to remove 412 of 3,100 records. Nothing has been removed.'),
		).toBeTruthy();
		expect(
			screen.getByText('To be removed: Halden Pharma AG (300 records), Orsett Marine Systems plc (112 records)'),
		).toBeTruthy();
		await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'Keep them' })));
		await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'Let them go' })));
		expect(sent).toEqual([
			['brake', { choice: 'keep' }],
			['brake', { choice: 'apply' }],
		]);
		expect(screen.queryByRole('alertdialog')).toBeNull();
	});

	it('calls accounts that a manager gave to others what they are, by name and number', async () => {
		open(syncStates['reassigned']);
		const notice = await screen.findByRole('region', { name: 'Accounts have gone to colleagues' });
		const words = notice.textContent ?? '';
		expect(words).toContain(
			'2 of your 3 accounts have gone to colleagues, with 1,204 records. Nothing has been removed.',
		);
		expect(words).toContain(
			'Gone to colleagues: Halden Pharma AG (900 records), Orsett Marine Systems plc (304 records)',
		);
		expect(words).toContain('goes to the office first, and your colleagues find it among their hand-overs');
		expect(words).not.toMatch(/office wants to remove|To be removed/);
	});
});

describe('a brake that was answered by Keep', () => {
	const brake = { ...(syncStates['brake']?.brake as Brake), kept: true };

	it('goes on saying what it means, asks nothing, and can still be let go', async () => {
		open({ brake, homeless: 0, handovers: 0 });
		expect(await screen.findByText(/You hold on to 412 of 3,100 records/)).toBeTruthy();
		expect(screen.getByText(/Nothing is fetched from the office meanwhile/)).toBeTruthy();
		expect(screen.queryByRole('button', { name: 'Keep them' })).toBeNull();
		await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'Let them go' })));
		expect(sent).toEqual([['brake', { choice: 'apply' }]]);
	});
});

describe('the state at the foot of the rail', () => {
	it('has a shape and words of its own for each state, without its colour', async () => {
		const seen = new Map<string, string>();
		for (const name of [
			'acknowledged',
			'partly',
			'unsent',
			'syncing',
			'offline',
			'paused',
			'never',
			'signed_out',
			'store',
		]) {
			const { hook } = memoryLocation({ path: '/' });
			const drawn = draw(
				<Router hook={hook}>
					<RailSync />
				</Router>,
				{ answers: { 'sync.status': () => ({ ...syncStatus, ...syncStates[name] }) } },
			);
			const line = await screen.findByRole('status', { name: 'Sync' });
			const icon = line.parentElement?.querySelector('svg')?.getAttribute('class') ?? '';
			seen.set(name, `${/tabler-icon-[a-z-]+/.exec(icon)?.[0]} ${line.querySelector('strong')?.textContent}`);
			drawn.unmount();
		}
		expect(new Set(seen.values()).size).toBe(seen.size);
		const shapes = [...seen.values()].map((words) => words.split(' ')[0]);
		expect(new Set(shapes).size).toBe(seen.size);
	});

	it('does not read every step of a long sync aloud', async () => {
		const { hook } = memoryLocation({ path: '/' });
		draw(
			<Router hook={hook}>
				<RailSync />
			</Router>,
			{ answers: { 'sync.status': () => ({ ...syncStatus, ...syncStates['syncing'] }) } },
		);
		expect((await screen.findByRole('status', { name: 'Sync' })).getAttribute('aria-live')).toBe('off');
	});
});
