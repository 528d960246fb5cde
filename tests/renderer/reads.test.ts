import { expect, it } from 'vitest';
import { reads } from '../../renderer/lib/reads.ts';
import { contract } from '../../shared/contract/contract.ts';

it('the renderer knows the tables of every query as the contract declares them', () => {
	const declared = Object.entries(contract).flatMap(([name, method]) =>
		method.kind === 'query' ? [[name, [...method.reads]] as const] : [],
	);
	expect(reads).toEqual(Object.fromEntries(declared));
});
