/** What changed between two texts: for showing and for putting an earlier text back, never for merging two people's. */

export interface DiffPart {
	text: string;
	kind: 'same' | 'added' | 'removed';
}

/** A stretch of two lists: `before[from.. to)` beside `after[afterFrom..afterTo)`. Same on both sides, or changed. */
export interface DiffRun {
	same: boolean;
	from: number;
	to: number;
	afterFrom: number;
	afterTo: number;
}

/** Differences looked for between two lists before they count as wholly different: time and memory grow with its square. */
const MOST_EDITS = 1200;

/** Texts of more words than this are first compared line by line. */
const MOST_WORDS = 6000;

/**
 * How the list `after` differs from `before`, in order and without gaps. The shortest way there; lists with more than some
 * thousand differences are answered as one change of everything between their common ends.
 */
export function diffLists(before: readonly string[], after: readonly string[]): DiffRun[] {
	let start = 0;
	const shorter = Math.min(before.length, after.length);
	while (start < shorter && before[start] === after[start]) start += 1;
	let end = 0;
	while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
	const one = before.slice(start, before.length - end);
	const other = after.slice(start, after.length - end);
	const runs: DiffRun[] = [];
	if (start > 0) pushRun(runs, { same: true, from: 0, to: start, afterFrom: 0, afterTo: start });
	for (const { same, from, to, afterFrom, afterTo } of shortestRuns(one, other))
		pushRun(runs, {
			same,
			from: from + start,
			to: to + start,
			afterFrom: afterFrom + start,
			afterTo: afterTo + start,
		});
	if (end > 0)
		pushRun(runs, {
			same: true,
			from: before.length - end,
			to: before.length,
			afterFrom: after.length - end,
			afterTo: after.length,
		});
	return runs;
}

function pushRun(runs: DiffRun[], run: DiffRun): void {
	const last = runs.at(-1);
	if (last?.same !== run.same) runs.push({ ...run });
	else Object.assign(last, { to: run.to, afterTo: run.afterTo });
}

/** Myers' greedy way: the furthest place reached on each diagonal, edit by edit, then back along the way taken. */
function shortestRuns(before: readonly string[], after: readonly string[]): DiffRun[] {
	if (before.length === 0 && after.length === 0) return [];
	const whole = { same: false, from: 0, to: before.length, afterFrom: 0, afterTo: after.length };
	if (before.length === 0 || after.length === 0) return [whole];
	const trace = reach(before, after);
	return trace ? walkBack(trace, before.length, after.length) : [whole];
}

function reach(before: readonly string[], after: readonly string[]): Int32Array[] | undefined {
	const most = Math.min(before.length + after.length, MOST_EDITS);
	const furthest = new Int32Array(2 * most + 3);
	const middle = most + 1;
	const trace: Int32Array[] = [];
	for (let edits = 0; edits <= most; edits += 1) {
		for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
			const at = middle + diagonal;
			const left = furthest[at - 1] ?? 0;
			const right = furthest[at + 1] ?? 0;
			let x = diagonal === -edits || (diagonal !== edits && left < right) ? right : left + 1;
			let y = x - diagonal;
			while (x < before.length && y < after.length && before[x] === after[y]) {
				x += 1;
				y += 1;
			}
			furthest[at] = x;
			if (x >= before.length && y >= after.length) {
				trace.push(furthest.slice(middle - edits - 1, middle + edits + 2));
				return trace;
			}
		}
		trace.push(furthest.slice(middle - edits - 1, middle + edits + 2));
	}
	return undefined;
}

/** From the end to the start: each edit's place before it, told by the trace of one edit less. */
function walkBack(trace: readonly Int32Array[], length: number, afterLength: number): DiffRun[] {
	const steps: DiffRun[] = [];
	let x = length;
	let y = afterLength;
	for (let edits = trace.length - 1; edits > 0; edits -= 1) {
		const before = trace[edits - 1] as Int32Array;
		// The middle of a trace of n edits lies at n + 1.
		const at = (diagonal: number) => before[diagonal + edits] ?? 0;
		const diagonal = x - y;
		const isDown = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
		const from = isDown ? diagonal + 1 : diagonal - 1;
		const x0 = at(from);
		const y0 = x0 - from;
		const [x1, y1] = isDown ? [x0, y0 + 1] : [x0 + 1, y0];
		if (x > x1) steps.push({ same: true, from: x1, to: x, afterFrom: y1, afterTo: y });
		steps.push({ same: false, from: x0, to: x1, afterFrom: y0, afterTo: y1 });
		x = x0;
		y = y0;
	}
	if (x > 0) steps.push({ same: true, from: 0, to: x, afterFrom: 0, afterTo: y });
	const runs: DiffRun[] = [];
	for (const step of steps.reverse()) pushRun(runs, step);
	return runs;
}

/** A text in pieces that are compared whole: words, spaces, single signs. */
export function splitWords(text: string): string[] {
	return text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];
}

/** How many words a person would count. */
export function countWords(text: string): number {
	return text.match(/[\p{L}\p{N}_]+(?:[’'.-][\p{L}\p{N}_]+)*/gu)?.length ?? 0;
}

/** True when one text may have been made of the other: a third of the words of the shorter one are in both. */
export function isAkin(one: string, other: string): boolean {
	const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
	const [shorter, longer] = [wordsOf(one), wordsOf(other)].sort((a, b) => a.length - b.length);
	if (!shorter || !longer || shorter.length === 0) return false;
	const known = new Set<string>(longer);
	return shorter.filter((word) => known.has(word)).length * 3 >= shorter.length;
}

/** How `after` differs from `before`, word by word; of a change, what went comes before what came. */
export function diffWords(before: string, after: string): DiffPart[] {
	const one = splitWords(before);
	const other = splitWords(after);
	if (one.length + other.length > MOST_WORDS && /\n/.test(before) && /\n/.test(after)) return diffLines(before, after);
	const parts: DiffPart[] = [];
	for (const run of diffLists(one, other)) {
		if (run.same) push(parts, one.slice(run.from, run.to).join(''), 'same');
		else {
			push(parts, one.slice(run.from, run.to).join(''), 'removed');
			push(parts, other.slice(run.afterFrom, run.afterTo).join(''), 'added');
		}
	}
	return joinChanges(parts);
}

/** Long texts: lines first, then the words of the lines that changed. */
function diffLines(before: string, after: string): DiffPart[] {
	const one = before.split(/(?<=\n)/);
	const other = after.split(/(?<=\n)/);
	const parts: DiffPart[] = [];
	for (const run of diffLists(one, other)) {
		const was = one.slice(run.from, run.to);
		const is = other.slice(run.afterFrom, run.afterTo);
		if (run.same) push(parts, is.join(''), 'same');
		else
			for (let line = 0; line < Math.max(was.length, is.length); line += 1)
				for (const part of diffLine(was[line] ?? '', is[line] ?? '')) push(parts, part.text, part.kind);
	}
	return parts;
}

function diffLine(before: string, after: string): DiffPart[] {
	if (splitWords(before).length + splitWords(after).length <= MOST_WORDS) return diffWords(before, after);
	return [
		{ text: before, kind: 'removed' },
		{ text: after, kind: 'added' },
	];
}

function push(parts: DiffPart[], text: string, kind: DiffPart['kind']): void {
	if (text === '') return;
	const last = parts.at(-1);
	if (last?.kind === kind) last.text += text;
	else parts.push({ text, kind });
}

/** Space at the end of both what went and what came has not changed. */
function withoutTail({ removed, added }: { removed: string; added: string }) {
	const tail = /\s+$/.exec(removed)?.[0] ?? '';
	if (tail === '' || !added.endsWith(tail) || removed === tail || added === tail) return { removed, added, tail: '' };
	return { removed: removed.slice(0, -tail.length), added: added.slice(0, -tail.length), tail };
}

/** Changed words with nothing but a space between them read as one change: first what went, then what came. */
function joinChanges(parts: readonly DiffPart[]): DiffPart[] {
	const joined: DiffPart[] = [];
	let change = { removed: '', added: '' };
	const flush = () => {
		const { removed, added, tail } = withoutTail(change);
		push(joined, removed, 'removed');
		push(joined, added, 'added');
		push(joined, tail, 'same');
		change = { removed: '', added: '' };
	};
	parts.forEach((part, index) => {
		const open = change.removed !== '' && change.added !== '';
		const next = parts[index + 1];
		if (part.kind !== 'same') change[part.kind] += part.text;
		else if (open && part.text.trim() === '' && next && next.kind !== 'same') {
			change.removed += part.text;
			change.added += part.text;
		} else {
			flush();
			push(joined, part.text, 'same');
		}
	});
	flush();
	return joined;
}
