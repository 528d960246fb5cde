import { useRef, useState } from 'react';
import type { ConflictRow } from '../../../shared/contract/sync-models.ts';
import { entityByName } from '../../../shared/entities/registry.ts';
import { useSend } from '../../lib/core.ts';
import { errorLine } from '../../lib/error-words.ts';
import { showUndo } from '../../lib/toasts.ts';

export type Choice = 'mine' | 'theirs' | 'other';

/** The field of a conflict, as its entity defines it. */
export function fieldOf(row: ConflictRow) {
	return entityByName(row.entity)?.fields[row.field];
}

/** Only words can be joined; a day or a word from a list is one or the other. */
export function isText(row: ConflictRow): boolean {
	const kind = fieldOf(row)?.kind;
	return kind === 'text' || kind === 'long-text';
}

/** Both texts, one below the other; a title stays one line. */
function joined(row: ConflictRow): string {
	const between = fieldOf(row)?.kind === 'long-text' ? '\n\n' : ' / ';
	return [row.mine_text, row.theirs_text].filter(Boolean).join(between);
}

export interface Decision {
	choice: Choice;
	/** The value that shall stand. */
	value: unknown;
	problem: string | null;
	pending: boolean;
	pick(side: 'mine' | 'theirs'): void;
	write(value: unknown): void;
	keepBoth(): void;
	decide(): Promise<boolean>;
}

/** What shall stand in the field, until it is decided. Begins with the person's own value. */
export function useDecision(row: ConflictRow, first: 'mine' | 'theirs'): Decision {
	const [choice, setChoice] = useState<Choice>(first);
	const [written, setWritten] = useState<unknown>(row[`${first}_value`]);
	const [problem, setProblem] = useState<string | null>(null);
	const { send, pending } = useSend('conflicts.decide');
	const under = useRef(false);
	const put = (next: Choice, value: unknown) => {
		setChoice(next);
		setWritten(value);
		setProblem(null);
	};
	const decide = async () => {
		// A second press of the keys must not decide twice.
		if (under.current) return false;
		under.current = true;
		const value = choice === 'other' ? { value: asValue(written) } : {};
		const result = await send({ id: row.id, choice, ...value });
		under.current = false;
		if (!result.ok) {
			setProblem(errorLine(result.error, row.field_label));
			return false;
		}
		showUndo(`Decided: ${row.field_label} of ${row.record_ref ?? row.record_title}`);
		return true;
	};
	return {
		choice,
		value: written,
		problem,
		pending,
		pick: (side) => put(side, row[`${side}_value`]),
		write: (value) => put('other', value),
		keepBoth: () => put('other', joined(row)),
		decide,
	};
}

type Json = string | number | boolean | null;

function asValue(written: unknown): Json {
	return typeof written === 'string' && written.trim() === '' ? null : ((written ?? null) as Json);
}
