/** Who works with the accounts of a simulation, and what they are on them. */
export interface Person {
	name: string;
	userId: string;
	token: string;
	role: string;
	/** What they have at the beginning. */
	accounts: readonly string[];
	reportsTo?: string;
}

const sam: Person = { name: 'sam', userId: 'u-sam', token: 'sim-sam', role: 'SAM', accounts: ['a-1', 'a-2'] };
/** Alone has a-3, so that a SAM's edit for it is refused. */
const ben: Person = {
	name: 'ben',
	userId: 'u-ben',
	token: 'sim-ben',
	role: 'SPECIALIST',
	accounts: ['a-1', 'a-2', 'a-3'],
	reportsTo: 'u-mia',
};
const mia: Person = { name: 'mia', userId: 'u-mia', token: 'sim-mia', role: 'MANAGER', accounts: [] };
const pia: Person = { name: 'pia', userId: 'u-pia', token: 'sim-pia', role: 'PROCESSING', accounts: ['a-1'] };

export const COLLEAGUES: readonly Person[] = [sam, ben, mia, pia];

/** A person's second laptop is theirs as well. */
const DESKS: readonly Person[] = [sam, ben, { ...sam, name: 'sam2' }, { ...ben, name: 'ben2' }, mia, pia];

/** Who may sit at how many laptops: by number of the cast. */
export const CASTS: readonly (readonly Person[])[] = [
	[0, 1],
	[0, 1],
	[0, 2],
	[0, 1, 2],
	[0, 4],
	[0, 1, 4],
	[0, 5],
	[0, 1, 4, 5],
	[0, 1],
].map((desks) => desks.map((desk) => DESKS[desk] as Person));

/** The last cast works with accounts of hundreds of cases, which take more than one piece of a page. */
export const isLarge = (desks: number): boolean => desks === CASTS.length - 1;

/** The name of that, among the things that happen in a simulation or not. */
export const LARGE = 'large office';

export const ACCOUNTS = ['a-1', 'a-2', 'a-3'] as const;

/** Laptops of one simulation, with those that come to be in it. */
export const MOST_LAPTOPS = 5;
