import { useState } from 'react';
import { addDays } from '../../../shared/domain/days.ts';
import { visit as entity } from '../../../shared/entities/visit.ts';
import { useAnswer, useSend } from '../../lib/core.ts';
import { useToday } from '../../lib/now.ts';
import { type Problems, problemsOf } from '../../lib/report.ts';
import { useOnlyReads } from '../../lib/rights.ts';
import { discardDraft, isTyped, keepDraft, openDraft, type VisitDraft } from './visit-draft.ts';
import { movedEnd } from './visit-time.ts';

const notTheirs = 'You read this account; whoever looks after it plans its visits.';

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

/** A visit being planned: a week from today at nine until its times are typed, in the account's zone until another is chosen. */
export function useNewVisit(accountId: string | undefined, onCreated: (id: string) => void) {
	const day = addDays(useToday(), 7);
	const [draft, setDraft] = useState(() => openDraft(day, accountId));
	const [problems, setProblems] = useState<Problems>({});
	const [startUnclear, setStartUnclear] = useState(false);
	const [endUnclear, setEndUnclear] = useState(false);
	const accounts = useAnswer('accounts.list', {}).data ?? [];
	const account = accounts.find((row) => row.id === draft.accountId);
	const zone = draft.zone ?? account?.time_zone ?? null;
	const { send, pending } = useSend('visits.create');
	const change = (patch: Partial<VisitDraft>) => {
		const moved = patch.start && draft.start && draft.end ? { end: movedEnd(draft, patch.start) } : {};
		const next = { ...draft, ...moved, ...patch };
		setDraft(next);
		keepDraft(next, day);
		setProblems({});
	};
	const onlyReads = useOnlyReads(draft.accountId, 'visit');
	const save = async () => {
		if (pending || onlyReads) return;
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
		if (!result.ok) return setProblems(problemsOf(result.error, entity.fields));
		discardDraft();
		onCreated(result.value.id);
	};
	const discard = () => {
		discardDraft();
		setDraft(openDraft(day, accountId));
		setProblems({});
	};
	const onUnclear = { start: setStartUnclear, end: setEndUnclear };
	const typed = isTyped(draft, day);
	const shown = onlyReads ? { ...problems, account_id: notTheirs } : problems;
	return { draft, typed, accounts, zone, problems: shown, saving: pending, change, save, discard, onUnclear };
}

export type NewVisitState = ReturnType<typeof useNewVisit>;
