import { useState } from 'react';
import type { CallError } from '../../../shared/contract/errors.ts';
import { addDays } from '../../../shared/domain/days.ts';
import { visit as entity } from '../../../shared/entities/visit.ts';
import { useAnswer, useSend } from '../../lib/core.ts';
import { errorLine } from '../../lib/error-words.ts';
import { useToday } from '../../lib/now.ts';
import { movedEnd } from './visit-time.ts';

export interface VisitDraft {
	purpose: string;
	accountId: string | null;
	type: string;
	place: string;
	/** Null until chosen: the account's own zone holds. */
	zone: string | null;
	start: string;
	end: string;
}

type Problems = Readonly<Record<string, string>>;

function check(draft: VisitDraft, zone: string | null, unclear: { start: boolean; end: boolean }): Problems {
	const problems: Record<string, string> = {};
	if (draft.purpose.trim() === '') problems['purpose'] = 'Say what the visit is for.';
	if (!draft.accountId) problems['account_id'] = 'Choose the account you visit.';
	if (!zone) problems['time_zone'] = 'Choose the zone of the site.';
	if (!draft.start) problems['local_start'] = 'Say when it starts.';
	if (!draft.end) problems['local_end'] = 'Say when it ends.';
	else if (draft.end <= draft.start) problems['local_end'] = 'The end is not after the start.';
	if (unclear.start) problems['local_start'] = 'This is not a day and a time.';
	if (unclear.end) problems['local_end'] = 'This is not a day and a time.';
	return problems;
}

function refused(error: CallError): Problems {
	const named = error.details?.problems ?? [];
	if (named.length === 0) return { '': errorLine(error) };
	const fields: Readonly<Record<string, { label: string }>> = entity.fields;
	return Object.fromEntries(
		named.map(({ field, message }) => [field in fields ? field : '', `${fields[field]?.label ?? field} ${message}.`]),
	);
}

/** A visit being planned: a week from today at nine until its times are typed, in the account's zone until another is chosen. */
export function useNewVisit(accountId: string | undefined, onCreated: (id: string) => void) {
	const day = addDays(useToday(), 7);
	const [draft, setDraft] = useState<VisitDraft>(() => ({
		purpose: '',
		accountId: accountId ?? null,
		type: 'ONSITE',
		place: '',
		zone: null,
		start: `${day}T09:00`,
		end: `${day}T12:00`,
	}));
	const [problems, setProblems] = useState<Problems>({});
	const [startUnclear, setStartUnclear] = useState(false);
	const [endUnclear, setEndUnclear] = useState(false);
	const accounts = useAnswer('accounts.list', {}).data ?? [];
	const account = accounts.find((row) => row.id === draft.accountId);
	const zone = draft.zone ?? account?.time_zone ?? null;
	const { send, pending } = useSend('visits.create');
	const change = (patch: Partial<VisitDraft>) => {
		const moved = patch.start && draft.start && draft.end ? { end: movedEnd(draft, patch.start) } : {};
		setDraft({ ...draft, ...moved, ...patch });
		setProblems({});
	};
	const save = async () => {
		if (pending) return;
		const found = check(draft, zone, { start: startUnclear, end: endUnclear });
		setProblems(found);
		if (Object.keys(found).length > 0 || !draft.accountId || !zone) return;
		const result = await send({
			account_id: draft.accountId,
			purpose: draft.purpose,
			type: draft.type,
			place: draft.place.trim() === '' ? null : draft.place,
			time_zone: zone,
			local_start: draft.start,
			local_end: draft.end,
		});
		if (result.ok) onCreated(result.value.id);
		else setProblems(refused(result.error));
	};
	const onUnclear = { start: setStartUnclear, end: setEndUnclear };
	return { draft, accounts, zone, problems, saving: pending, change, save, onUnclear };
}

export type NewVisitState = ReturnType<typeof useNewVisit>;
