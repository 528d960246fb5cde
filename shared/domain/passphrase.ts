/** The one rule for a new passphrase: characters as a person counts them, after NFKC. */
export const SHORTEST_PASSPHRASE = 12;

/** Begun or ended like this, a passphrase is among the first that anybody tries. Compared without spaces, in lower case. */
const COMMON = [
	'123456',
	'654321',
	'password',
	'passwort',
	'passphrase',
	'qwerty',
	'qwertz',
	'azerty',
	'letmein',
	'iloveyou',
	'welcome',
	'changeme',
	'administrator',
	'fieldbook',
	'correcthorsebatterystaple',
	'abcdef',
	'asdfgh',
	'trustno1',
	'monkey',
	'dragon',
	'football',
	'sunshine',
	'princess',
	'superman',
	'starwars',
] as const;

export type PassphraseProblem = 'too_short' | 'too_common';

/** What is wrong with a new passphrase, or null. */
export function passphraseProblem(passphrase: string): PassphraseProblem | null {
	if (charactersOf(passphrase).length < SHORTEST_PASSPHRASE) return 'too_short';
	return isCommon(passphrase) ? 'too_common' : null;
}

/** How many characters are missing. */
export function missingCharacters(passphrase: string): number {
	return Math.max(0, SHORTEST_PASSPHRASE - charactersOf(passphrase).length);
}

/** How good a passphrase is, by its length alone: 0 not enough, 1 enough, 2 good, 3 very good. */
export function passphraseStrength(passphrase: string): 0 | 1 | 2 | 3 {
	if (passphraseProblem(passphrase)) return 0;
	const { length } = charactersOf(passphrase);
	return length < 16 ? 1 : length < 22 ? 2 : 3;
}

function charactersOf(passphrase: string): string[] {
	return [...passphrase.normalize('NFKC')];
}

/** Few different characters, or little beside a common word. */
function isCommon(passphrase: string): boolean {
	const plain = passphrase.normalize('NFKC').toLowerCase().replaceAll(/\s/gu, '');
	if (new Set(plain).size < 5) return true;
	const rest = COMMON.reduce((left, word) => left.replaceAll(word, ''), plain);
	return rest.length < plain.length && new Set(rest.replaceAll(/[\d!.?_-]/gu, '')).size < 5;
}
