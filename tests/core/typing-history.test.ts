import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addAccount, startCore, type TestCore } from '../support/core.ts';
import { startTwoDevices, type TwoDevices } from '../support/two-devices.ts';

type Laptop = Pick<TestCore, 'ok'>;

const texts = async (laptop: Laptop, id: string) =>
	(await laptop.ok('history.list', { entity: 'issue', id }))
		.filter(({ field }) => field === 'root_cause')
		.map(({ before, after }) => [before, after]);

describe('on one laptop', () => {
	let test: TestCore;
	let id: string;
	beforeEach(async () => {
		test = await startCore();
		await addAccount(test);
		id = (await test.ok('issues.create', { account_id: 'a-1', title: 'Late receipt' })).id;
	});
	afterEach(() => test.stop());
	const type = (root_cause: string) => test.ok('issues.update', { id, patch: { root_cause } });

	it('a value brought back leaves the typing before it, and the typing after it, their own lines', async () => {
		await type('Column H');
		const [line] = await test.ok('history.list', { entity: 'issue', id });
		await type('Column H was skipped');
		await test.ok('history.restore', { id: line?.id ?? '', side: 'before' });
		await type('Somebody');
		await type('Somebody else');
		expect(await texts(test, id)).toEqual([
			[null, 'Somebody else'],
			['Column H was skipped', null],
			[null, 'Column H was skipped'],
		]);
	});

	it('typing after an undo is a line of its own', async () => {
		await type('Column H');
		await test.ok('undo.last', {});
		await type('Column J');
		expect(await texts(test, id)).toEqual([
			[null, 'Column J'],
			['Column H', null],
			[null, 'Column H'],
		]);
	});

	it('typing is not joined with what was typed before the program was opened again', async () => {
		await type('Column H');
		await test.reopen();
		await type('Column H was');
		expect(await texts(test, id)).toHaveLength(2);
	});
});

describe('with a server', () => {
	let two: TwoDevices;
	let id: string;
	beforeEach(async () => {
		two = await startTwoDevices();
		id = (await two.sam.ok('issues.create', { account_id: 'a-1', title: 'Late receipt' })).id;
		await two.settle();
	});
	afterEach(() => two.stop());
	const type = (root_cause: string) => two.sam.ok('issues.update', { id, patch: { root_cause } });

	it('words typed, sent, replaced by an earlier value and got back by undo are all in the history', async () => {
		await type('The first words');
		await two.settle();
		await type('The words that were sent');
		await two.settle();
		const [newest] = await two.sam.ok('history.list', { entity: 'issue', id });
		await two.sam.ok('history.restore', { id: newest?.id ?? '', side: 'before' });
		await two.settle();
		await two.sam.ok('undo.last', {});
		expect(await texts(two.sam, id)).toEqual([
			['The first words', 'The words that were sent'],
			['The words that were sent', 'The first words'],
			['The first words', 'The words that were sent'],
			[null, 'The first words'],
		]);
	});

	it('what was sent keeps its line; what is typed on after it is joined among itself', async () => {
		await type('Sent');
		await two.settle();
		await type('Sent and');
		await type('Sent and more');
		expect(await texts(two.sam, id)).toEqual([
			['Sent', 'Sent and more'],
			[null, 'Sent'],
		]);
	});

	it('a decided conflict leaves both texts in the history', async () => {
		await type('What Sam typed');
		await two.specialist.ok('issues.update', { id, patch: { root_cause: 'What the other typed' } });
		await two.specialist.ok('sync.now', {});
		await two.settle();
		await type('What Sam typed after it');
		const [conflict] = await two.sam.ok('conflicts.list', {});
		await two.sam.ok('conflicts.decide', { id: conflict?.id ?? '', choice: 'mine' });
		expect((await texts(two.sam, id)).map(([, after]) => after)).toEqual(
			expect.arrayContaining(['What Sam typed after it', 'What Sam typed']),
		);
		expect((await texts(two.sam, id))[0]).toEqual(['What Sam typed after it', 'What Sam typed']);
	});
});
