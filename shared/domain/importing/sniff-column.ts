import { readAmount, readCurrency } from './amounts.ts';
import { isNothing } from './clean-text.ts';
import { readCountry } from './countries.ts';
import { readShape } from './dates.ts';
import { readAssetStatus, readRenewalStatus } from './value-aliases.ts';

/** What a column's cells look like: shares (0 to 1) of the cells that are not blank. */
export interface ColumnLook {
	filled: number;
	/** Different values among the filled. */
	distinct: number;
	date: number;
	countryCode: number;
	country: number;
	assetStatus: number;
	renewalStatus: number;
	amount: number;
	currency: number;
	/** Has at least four figures and few letters, as patent numbers do. */
	number: number;
	/** Number with a country prefix and a kind code: "US 2013/0101709 A1". */
	kindNumber: number;
	/** Words: letters with a blank between them. */
	words: number;
}

const KIND_NUMBER = /^[A-Z]{2} ?[\d/ ]{5,}\d ?\(?[A-Z]\d?\)?$/;
const NUMBER = /^(?:PCT\/?)?[A-Z]{0,5}[ -]?[\d][\dA-Z ,./-]*\(?[A-Z]?\d?\)?$/i;

/** Looks at a sample of one column's cells. */
export function sniffColumn(cells: readonly string[]): ColumnLook {
	const filled = cells.map((cell) => cell.trim()).filter((cell) => !isNothing(cell));
	const share = (test: (cell: string) => boolean) =>
		filled.length === 0 ? 0 : filled.filter(test).length / filled.length;
	return {
		filled: filled.length,
		distinct: new Set(filled).size,
		date: share(isDateLike),
		countryCode: share((cell) => cell.length === 2 && cell === cell.toUpperCase() && readCountry(cell) !== null),
		country: share((cell) => cell.length < 50 && readCountry(cell) !== null),
		assetStatus: share((cell) => cell.length < 40 && readAssetStatus(cell) !== null),
		renewalStatus: share((cell) => cell.length < 40 && readRenewalStatus(cell) !== null),
		amount: share((cell) => 'amount' in readAmount(cell)),
		currency: share((cell) => readCurrency(cell) !== null),
		number: share((cell) => cell.length < 60 && NUMBER.test(cell) && (cell.match(/\d/g)?.length ?? 0) >= 4),
		kindNumber: share((cell) => KIND_NUMBER.test(cell)),
		words: share((cell) => /\p{L}{2,}\s+\p{L}/u.test(cell)),
	};
}

function isDateLike(cell: string): boolean {
	if (cell.length > 60) return false;
	const shape = readShape(cell);
	if (shape.kind === 'serial') return shape.days >= 14_611 && shape.days <= 80_000;
	return shape.kind !== 'bad';
}
