import { describe, expect, it } from 'vitest';
import { matchKey, readPatentNumber } from '../../shared/domain/importing/patent-number.ts';
import { addMonths, endOfMonth } from '../../shared/domain/months.ts';
import { createRandom } from '../../shared/domain/sample/random.ts';
import { feeDates, feesBetween, sampleOffice } from '../../shared/domain/sample/sample-offices.ts';
import { type SampleRow, sampleRecords } from '../../shared/domain/sample/sample-workspace.ts';
import { type EntityName, getEntity } from '../../shared/entities/registry.ts';
import { createSchema } from '../../shared/entities/schema.ts';

const now = new Date('2026-11-23T15:00:00Z');
const records = sampleRecords(now);
const of = (entity: EntityName) => records.filter(({ t }) => t === entity);
const text = (row: SampleRow, field: string) => String(row.v[field] ?? '');

describe('the sample workspace', () => {
	it('is the same for the same day and follows the calendar', () => {
		expect(sampleRecords(new Date('2026-11-23T22:10:00Z'))).toEqual(records);
		expect(sampleRecords(new Date('2027-02-28T22:10:00Z'))).not.toEqual(records);
	});

	it.each(['2026-11-23', '2027-02-28', '2028-02-29', '2027-03-28', '2026-12-31'])(
		'holds valid records on %s',
		(day) => {
			const schemas = new Map<EntityName, ReturnType<typeof createSchema>>();
			for (const { t, v } of sampleRecords(new Date(`${day}T12:00:00Z`))) {
				const schema = schemas.get(t) ?? createSchema(getEntity(t).fields);
				schemas.set(t, schema);
				const checked = schema.safeParse(v);
				if (!checked.success) throw new Error(`${t}: ${JSON.stringify(v)}: ${checked.error.message}`);
			}
		},
	);

	it('has ids once and references that lead somewhere', () => {
		const ids = new Map(records.map(({ t, id }) => [id, t]));
		expect(ids.size).toBe(records.length);
		for (const { t, id, v } of records) {
			for (const [name, field] of Object.entries(getEntity(t).fields)) {
				if (field.kind !== 'ref' || v[name] == null) continue;
				expect(`${id} ${name} ${ids.get(String(v[name]))}`).toBe(`${id} ${name} ${field.to}`);
			}
		}
	});

	it('is as large as it should be, and everybody in it is marked as invented', () => {
		expect(of('account')).toHaveLength(15);
		expect(of('issue')).toHaveLength(40);
		expect(new Set(of('issue').map((row) => row.v.type)).size).toBe(6);
		expect(of('visit')).toHaveLength(8);
		expect(of('patent_asset').length).toBeGreaterThan(1400);
		expect(of('renewal_event').length).toBeGreaterThan(5400);
		for (const account of of('account')) {
			expect(text(account, 'account_no')).toMatch(/^S-\d{4}$/);
			expect(text(account, 'legal_name')).toContain('(fictional)');
			const people = of('contact').filter((row) => row.v.account_id === account.id);
			expect(people.length).toBeGreaterThanOrEqual(3);
			expect(people.length).toBeLessThanOrEqual(6);
		}
		for (const contact of of('contact')) expect(text(contact, 'email')).toMatch(/^[a-z.-]+@[a-z.]+\.example$/);
	});

	it('has renewals whose dates are in order and whose status fits the day', () => {
		const today = '2026-11-23';
		for (const row of of('renewal_event')) {
			const [opens, due, free, grace, cutoff] = [
				'window_opens',
				'due_date',
				'free_until',
				'grace_end',
				'client_cutoff',
			].map((name) => text(row, name));
			expect([opens! < due!, due! <= free!, free! < grace!, cutoff! < due!]).toEqual([true, true, true, true]);
			if (row.v.status === 'FUTURE') expect(opens! > today).toBe(true);
			if (['LAPSED', 'PAID_LATE', 'CANCELLED'].includes(text(row, 'status'))) expect(grace! <= today).toBe(true);
			if (['OPEN', 'REMINDED'].includes(text(row, 'status'))) expect(opens! <= today && grace! > today).toBe(true);
		}
	});

	it('has numbers that the importer reads and finds no fault with', () => {
		for (const row of of('patent_asset')) {
			const country = text(row, 'country');
			const number = readPatentNumber(text(row, 'app_no'), country, 'A');
			expect(number?.check).not.toBe('WRONG');
			expect(number?.contradicts).toBe(false);
			expect(number && matchKey(number, 'A', country)).toBe(row.v.match_key);
		}
		expect(new Set(of('patent_asset').map((row) => row.v.client_ref)).size).toBe(of('patent_asset').length);
	});

	it('plans its visits on working days, in the site’s own time', () => {
		for (const visit of of('visit')) {
			const weekday = new Date(`${text(visit, 'local_start').slice(0, 10)}T00:00:00Z`).getUTCDay();
			expect([1, 2, 3, 4, 5]).toContain(weekday);
			expect(text(visit, 'starts_at') < text(visit, 'ends_at')).toBe(true);
		}
		const osaka = of('visit').find((row) => row.v.account_id === 'acc-tanaka')!;
		expect(text(osaka, 'local_start').slice(11)).toBe('10:00');
		expect(text(osaka, 'starts_at').slice(11, 16)).toBe('01:00');
	});
});

describe('simple renewal dates', () => {
	it('count months as the calendar does', () => {
		expect(addMonths('2024-01-31', 1)).toBe('2024-02-29');
		expect(addMonths('2023-12-15', -12)).toBe('2022-12-15');
		expect(endOfMonth('2023-02-01')).toBe('2023-02-28');
		expect(endOfMonth('2023-11-30', 3)).toBe('2024-02-29');
	});

	it('follow the offices’ own rules', () => {
		const dates = (office: string, base: string, label: string) => {
			const rule = sampleOffice(office);
			const fee = feesBetween(rule, base, ['1990-01-01', '2060-01-01']).find((each) => each.label === label)!;
			return feeDates(rule, base, fee);
		};
		expect(dates('EP', '2008-11-15', '3')).toMatchObject({ due_date: '2010-11-30', grace_end: '2011-05-31' });
		expect(dates('DE', '2015-12-03', '10')).toMatchObject({
			due_date: '2024-12-31',
			free_until: '2025-02-28',
			grace_end: '2025-06-30',
		});
		expect(dates('US', '2017-09-19', '7.5')).toMatchObject({
			window_opens: '2024-09-19',
			due_date: '2025-03-19',
			grace_end: '2025-09-19',
		});
		expect(dates('GB', '2018-09-14', '5')).toMatchObject({
			due_date: '2022-09-14',
			free_until: '2022-09-30',
			grace_end: '2023-03-31',
		});
		expect(dates('FR', '2012-10-09', '2')).toMatchObject({ due_date: '2013-10-31', grace_end: '2014-04-30' });
	});
});

describe('createRandom', () => {
	it('repeats itself for a seed and differs for another', () => {
		const draw = (seed: number) => Array.from({ length: 5 }, createRandom(seed).next);
		expect(draw(7)).toEqual(draw(7));
		expect(draw(7)).not.toEqual(draw(8));
	});

	it('is even enough', () => {
		const random = createRandom(3);
		const counts = [0, 0, 0, 0];
		for (let i = 0; i < 40_000; i++) counts[random.int(0, 3)]!++;
		for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
	});
});
