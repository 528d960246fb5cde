import { matchHeader } from './header-words.ts';
import { type ColumnLook, sniffColumn } from './sniff-column.ts';
import { targetByKey } from './targets.ts';

export interface ColumnGuess {
	target: string | null;
	/** 0 to 1. */
	confidence: number;
}

interface Candidate {
	column: number;
	target: string;
	score: number;
}

const THRESHOLD = 0.45;

/**
 * Guesses what each column becomes, from its header and from what its cells look like. Each target is given once, to
 * the column that fits it best; among equals the left one.
 */
export function guessMapping(headers: readonly string[], sample: readonly (readonly string[])[]): ColumnGuess[] {
	const looks = headers.map((_, column) => sniffColumn(sample.map((row) => row[column] ?? '')));
	const candidates = headers.flatMap((header, column) => candidatesOf(header, column, looks[column] as ColumnLook));
	candidates.sort((a, b) => b.score - a.score || a.column - b.column);
	const guesses: ColumnGuess[] = headers.map(() => ({ target: null, confidence: 0 }));
	const taken = new Set<string>();
	for (const { column, target, score } of candidates) {
		const guess = guesses[column];
		if (!guess || guess.target !== null || taken.has(target) || score < THRESHOLD) continue;
		taken.add(target);
		guess.target = target;
		guess.confidence = Math.round(Math.min(0.98, score) * 100) / 100;
	}
	return withoutLoneRenewalParts(guesses);
}

function candidatesOf(header: string, column: number, look: ColumnLook): Candidate[] {
	const named = matchHeader(header);
	if (!named) return byContent(column, look);
	const fit = fits(named.target, look);
	const candidates = [{ column, target: named.target, score: named.score * fit + (fit >= 1 ? 0.03 : 0) }];
	for (const other of alternatives(named.target)) {
		candidates.push({ column, target: other, score: named.score * 0.8 * fits(other, look) });
	}
	return candidates;
}

/** Other fields a header of this kind may mean when its first meaning is taken or does not fit the cells. */
function alternatives(target: string): string[] {
	if (target === 'patent_asset.status') return ['renewal_event.status'];
	if (target === 'renewal_event.status') return ['patent_asset.status'];
	if (target === 'patent_asset.pub_no') return ['patent_asset.grant_no'];
	if (target === 'patent_asset.grant_no') return ['patent_asset.pub_no'];
	return [];
}

/** How well the cells suit a target: 1 fits, below 1 doubtful, near 0 contradicts. A column without values says nothing. */
function fits(target: string, look: ColumnLook): number {
	if (look.filled === 0) return 0.7;
	const kind = targetByKey(target)?.field.kind;
	if (kind === 'date') return graded(look.date);
	if (kind === 'amount') return graded(look.amount) * (look.date > 0.5 ? 0.3 : 1);
	switch (target) {
		case 'patent_asset.country':
			return graded(look.country);
		case 'patent_asset.status':
			return look.assetStatus > 0.5 ? 1 : look.date > 0.5 ? 0.1 : 0.75;
		case 'renewal_event.status':
			return look.renewalStatus > 0.5 ? 1 : 0.3;
		case 'renewal_event.currency':
			return graded(look.currency);
		case 'patent_asset.app_no':
		case 'patent_asset.pub_no':
		case 'patent_asset.grant_no':
			return look.date > 0.8 && look.number < 0.5 ? 0.2 : graded(look.number + 0.2);
		case 'patent_asset.title':
		case 'patent_asset.owner_name':
			return look.date > 0.5 || (look.amount > 0.8 && look.words < 0.2) ? 0.2 : 1;
		default:
			return 1;
	}
}

function graded(share: number): number {
	if (share >= 0.8) return 1;
	return share >= 0.4 ? 0.8 : share * 0.8;
}

/** A column whose header says nothing known, judged by its cells alone. Only looks that hardly anything else has. */
function byContent(column: number, look: ColumnLook): Candidate[] {
	if (look.filled < 3) return [];
	if (look.kindNumber > 0.7) return [{ column, target: 'patent_asset.pub_no', score: 0.55 }];
	if (look.countryCode > 0.9) return [{ column, target: 'patent_asset.country', score: 0.5 }];
	if (look.assetStatus > 0.9 && look.distinct > 1 && look.distinct < 12)
		return [{ column, target: 'patent_asset.status', score: 0.45 }];
	return [];
}

/** A currency or a fee without a due date, an annuity or a cut-off is about something else. */
function withoutLoneRenewalParts(guesses: ColumnGuess[]): ColumnGuess[] {
	const anchors = ['due_date', 'fee_no', 'grace_end', 'client_cutoff', 'free_until', 'window_opens'];
	const anchored = guesses.some((guess) => anchors.some((name) => guess.target === `renewal_event.${name}`));
	if (anchored) return guesses;
	return guesses.map((guess) => (guess.target?.startsWith('renewal_event.') ? { target: null, confidence: 0 } : guess));
}
