import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTwoDevices, type TwoDevices } from '../support/two-devices.ts';

let two: TwoDevices;
let id: string;
beforeEach(async () => {
	two = await startTwoDevices();
	const visit = await two.sam.ok('visits.create', {
		account_id: 'a-1',
		purpose: 'Review',
		time_zone: 'Europe/Zurich',
		local_start: '2026-12-01T09:00',
		local_end: '2026-12-01T10:00',
	});
	id = visit.id;
	await two.sam.ok('attendees.create', { visit_id: id, name: 'Ida Berg', side: 'CLIENT' });
	await two.sam.ok('checklist.create', { visit_id: id, text: 'Bring the figures' });
	await two.settle();
});
afterEach(() => two.stop());

describe('a visit deleted on one laptop and edited on the other', () => {
	it.each(['the edit', 'the deletion'])(
		'stays on both with its attendees and checklist; first comes %s',
		async (first) => {
			await two.sam.ok('visits.delete', { id });
			await two.specialist.ok('visits.update', { id, patch: { purpose: 'Review and renewal' } });
			await (first === 'the edit' ? two.specialist : two.sam).ok('sync.now', {});
			await two.settle();
			for (const device of [two.sam, two.specialist]) {
				const { visit, attendees, checklist } = await device.ok('visits.get', { id });
				expect(visit.purpose).toBe('Review and renewal');
				expect(attendees.map(({ name }) => name)).toEqual(['Ida Berg']);
				expect(checklist.map(({ text }) => text)).toContain('Bring the figures');
			}
		},
	);
});
