import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchKey, type NumberKind, readPatentNumber } from '../../shared/domain/importing/patent-number.ts';

const key = (raw: string, country: string | null = null, kind: NumberKind = 'A') => {
	const number = readPatentNumber(raw, country, kind);
	return number && matchKey(number, kind, country);
};

describe('patent numbers', () => {
	it.each([
		['13/033,085', null, 'US|A|13033085'],
		['13/033085', null, 'US|A|13033085'],
		['US 13/033,085', 'US', 'US|A|13033085'],
		['US201113033085', null, 'US|A|13033085'],
		['EP99403122.7', null, 'EP|A|99403122'],
		['99403122', 'EP', 'EP|A|99403122'],
		['EP 99 403 122.7', 'DE', 'DE|A|99403122'],
		['PCT/US2014/051801', null, 'WO|A|US2014051801'],
		['WO2014US51801', null, 'WO|A|US2014051801'],
		['US 2014/0051801 W', null, 'WO|A|US2014051801'],
		['ZL 2017 1 0601862.3', null, 'CN|A|201710601862'],
		['10 2012 019 863.9', 'DE', 'DE|A|102012019863'],
		['KR20130006425U', null, 'KR|A|20130006425'],
		['\u00a0ep\u200b 3126183\u2013 ', null, 'EP|A|3126183'],
	])('%s of %s', (raw, country, expected) => {
		expect(key(raw, country)).toBe(expected);
	});

	it.each([
		['KR20150000637 (U)', 'KR|P|20150000637'],
		['US 2013/0101709 A1', 'US|P|20130101709'],
		['US2013101709', 'US|P|20130101709'],
		['EP 3126183 B1', 'EP|P|3126183'],
		['KR20150000637 (A); WO2015026896 (A1)', 'KR|P|20150000637'],
	])('publication %s', (raw, expected) => {
		expect(key(raw, null, 'P')).toBe(expected);
	});

	it.each([
		['99403122.7', 'EP', 'OK'],
		['13748138.8', 'EP', 'OK'],
		['15150367.9', 'EP', 'OK'],
		['16000312.7', 'EP', 'WRONG'],
		['201710601862.3', 'CN', 'OK'],
		['97101765.4', 'CN', 'OK'],
		['95115608.X', 'CN', 'OK'],
		['95115608.1', 'CN', 'WRONG'],
		['31 30 619.5', 'DE', 'OK'],
		['103 60 860.5', 'DE', 'OK'],
		['10 2007 004 488.9', 'DE', 'OK'],
		['10 2008 013 670.1', 'DE', 'WRONG'],
		['99403122', 'EP', 'ABSENT'],
		['0517653.1', 'GB', 'NA'],
	] as const)('check digit of %s (%s) is %s', (raw, country, check) => {
		expect(readPatentNumber(raw, country, 'A')?.check).toBe(check);
	});

	it('sees a prefix of another country', () => {
		expect(readPatentNumber('FR 0950012', 'DE', 'A')?.contradicts).toBe(true);
		expect(readPatentNumber('EP 3126183', 'DE', 'G')?.contradicts).toBe(false);
	});

	it.each(['', '/', '/0', 'GM', 'n/a', '???'])('finds no number in "%s"', (raw) => {
		expect(readPatentNumber(raw, null, 'A')).toBeNull();
	});

	it('never throws, and gives the same key for its own key digits', () => {
		fc.assert(fc.property(fc.string(), (raw) => void key(raw)));
	});
});
