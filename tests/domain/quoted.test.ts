import { expect, it } from 'vitest';
import { quoted } from '../../shared/domain/quoted.ts';

it('a name in a sentence has one pair of marks, whatever marks it brings', () => {
	expect(quoted('Quarterly review')).toBe('“Quarterly review”');
	expect(quoted('Workshop “Late instructions”')).toBe('“Workshop ‘Late instructions’”');
	expect(quoted('The "named person" of Korea')).toBe('“The ‘named person’ of Korea”');
	expect(quoted('the client’s file')).toBe('“the client’s file”');
});
