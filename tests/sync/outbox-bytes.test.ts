import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendOp } from '../../db/outbox.ts';
import { beginUnit, takeVersion } from '../../db/unit.ts';
import { startTwoDevices, type TwoDevices } from '../support/two-devices.ts';

let two: TwoDevices;
beforeEach(async () => {
	two = await startTwoDevices();
});
afterEach(() => two.stop());

const raw = () => two.sam.core.store.raw;

describe('a change of many megabytes', () => {
	it('is cut into groups that each fit into a request', async () => {
		const { store } = two.sam.core;
		const clock = { last: undefined, now: () => new Date() };
		store.raw.transaction(() => {
			const unit = beginUnit({ store, clock, userId: 'u-sam', deviceShort: 'aaaaaaaa', label: 'Big', origin: 'local' });
			for (const id of ['b-1', 'b-2', 'b-3', 'b-4'])
				appendOp(unit, { k: 'create', t: 'note', id, hlc: takeVersion(unit), v: { title: 'x'.repeat(1_500_000) } });
		})();
		const sizes = raw()
			.prepare('SELECT count(*) FROM outbox_op WHERE pending = 1 GROUP BY group_no ORDER BY group_no')
			.pluck()
			.all();
		expect(sizes).toEqual([2, 2]);
	});
});
