export interface DiffPart {
	text: string;
	kind: 'same' | 'added' | 'removed';
}

/** Longest pair of texts compared word by word; longer ones are shown as they are. */
const mostWords = 1200;

function words(text: string): string[] {
	return text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];
}

/** Lengths of the longest common run of words from each pair of places to the end. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint16Array[] {
	const rows = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
	for (let i = before.length - 1; i >= 0; i--) {
		const row = rows[i] as Uint16Array;
		const next = rows[i + 1] as Uint16Array;
		for (let j = after.length - 1; j >= 0; j--) {
			row[j] = before[i] === after[j] ? (next[j + 1] ?? 0) + 1 : Math.max(next[j] ?? 0, row[j + 1] ?? 0);
		}
	}
	return rows;
}

function push(parts: DiffPart[], text: string, kind: DiffPart['kind']): void {
	const last = parts.at(-1);
	if (last?.kind === kind) last.text += text;
	else parts.push({ text, kind });
}

/** Changed words with nothing but a space between them read as one change: first what went, then what came. */
function joinChanges(parts: readonly DiffPart[]): DiffPart[] {
	const joined: DiffPart[] = [];
	let change = { removed: '', added: '' };
	const flush = () => {
		if (change.removed) push(joined, change.removed, 'removed');
		if (change.added) push(joined, change.added, 'added');
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

/** How `after` differs from `before`, word by word: for showing, not for merging. */
export function diffWords(before: string, after: string): DiffPart[] {
	const one = words(before);
	const other = words(after);
	if (one.length > mostWords || other.length > mostWords) return [{ text: after, kind: 'same' }];
	const lengths = commonLengths(one, other);
	const parts: DiffPart[] = [];
	let i = 0;
	let j = 0;
	while (i < one.length || j < other.length) {
		if (i < one.length && j < other.length && one[i] === other[j]) {
			push(parts, other[j] as string, 'same');
			i++;
			j++;
		} else if (j >= other.length || (i < one.length && (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
			push(parts, one[i++] as string, 'removed');
		} else push(parts, other[j++] as string, 'added');
	}
	return joinChanges(parts);
}
