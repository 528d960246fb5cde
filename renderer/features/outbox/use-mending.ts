import { useState } from 'react';
import type { RefusedChange } from '../../../shared/contract/sync-models.ts';
import type { Field } from '../../../shared/entities/define.ts';
import { entityByName } from '../../../shared/entities/registry.ts';
import { useSend } from '../../lib/core.ts';
import { type Problems, problemsOf } from '../../lib/report.ts';
import { showToast } from '../../lib/toasts.ts';
import { useUnsaved } from '../../lib/unsaved.ts';
import type { Draft } from '../../ui/use-draft.ts';

export type RefusedField = RefusedChange['fields'][number];

/** Why a field is left out when the rest is sent again; null when it goes along. */
export function leftOut(change: RefusedChange, { field, problem }: RefusedField): string | null {
	const definition: Field | undefined = entityByName(change.entity)?.fields[field];
	if (!definition || definition.kind === 'text-doc') return 'It is left out: it cannot be written here.';
	if (definition.office) return 'It is left out: the office keeps this field.';
	if (change.reason === 'unknown_field' && problem)
		return 'It is left out until the office has a newer server; it stays here.';
	return null;
}

/** What the person makes of the refused values, and their way back to the office. */
export function useMending(change: RefusedChange) {
	const going = change.fields.filter((field) => leftOut(change, field) === null);
	const written: Readonly<Record<string, unknown>> = Object.fromEntries(
		going.map(({ field, value }) => [field, value ?? null]),
	);
	const [values, setValues] = useState(written);
	const [problems, setProblems] = useState<Problems>({});
	const { send, pending } = useSend('outbox.fix');
	useUnsaved(going.some(({ field }) => values[field] !== written[field]));
	const put = (patch: Readonly<Record<string, unknown>>) => setValues((before) => ({ ...before, ...patch }));
	const mend = async () => {
		if (going.length === 0) return;
		const result = await send({ group: change.group, values: values as Record<string, never> });
		if (result.ok) return showToast('Mended. It is sent again with the rest.');
		setProblems(problemsOf(result.error, entityByName(change.entity)?.fields ?? {}));
	};
	const draftOf = (field: string): Draft => ({
		value: values[field] ?? null,
		failed: problems[field] !== undefined,
		type: (value) => put({ [field]: value }),
		save: (value) => (value === undefined ? undefined : put({ [field]: value })),
		discard: () => put({ [field]: written[field] }),
	});
	const why = going.length === 0 ? 'Nothing of it can be sent again. Set it aside instead.' : null;
	return { values, put, problems, pending, why, mend, draftOf };
}

export type Mending = ReturnType<typeof useMending>;
