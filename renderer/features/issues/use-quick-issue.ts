import { useState } from 'react';
import { readDateWords } from '../../../shared/domain/date-words.ts';
import { quoted } from '../../../shared/domain/quoted.ts';
import { issue as entity } from '../../../shared/entities/issue.ts';
import { useSend } from '../../lib/core.ts';
import { useToday } from '../../lib/now.ts';
import { type Problems, problemsOf } from '../../lib/report.ts';
import { discardDraft, type IssueDraft, keepDraft, openDraft } from './issue-draft.ts';

export interface QuickIssueState {
	draft: IssueDraft;
	problems: Problems;
	saving: boolean;
	change(patch: Partial<IssueDraft>): void;
	save(): Promise<void>;
	discard(): void;
}

function missing(draft: IssueDraft, today: string): Problems {
	const problems: Record<string, string> = {};
	if (draft.title.trim() === '') problems['title'] = 'An issue needs a title.';
	if (!draft.accountId) problems['account_id'] = 'Choose the account it belongs to.';
	if (draft.due.trim() !== '' && !readDateWords(draft.due, today)) {
		problems['due_date'] = `${quoted(draft.due.trim())} is not a day. Write fri, in 3 days, 12 dec or 2026-12-01.`;
	}
	return problems;
}

/** The draft, its problems and its saving. Every keystroke is kept, so leaving and coming back changes nothing. */
export function useQuickIssue(accountId: string | undefined, onCreated: (id: string) => void): QuickIssueState {
	const [draft, setDraft] = useState(() => openDraft(accountId));
	const [problems, setProblems] = useState<Problems>({});
	const today = useToday();
	const { send, pending } = useSend('issues.create');
	const change = (patch: Partial<IssueDraft>) => {
		const next = { ...draft, ...patch };
		setDraft(next);
		keepDraft(next);
		setProblems({});
	};
	const save = async () => {
		if (pending) return;
		const found = missing(draft, today);
		setProblems(found);
		if (Object.keys(found).length > 0 || !draft.accountId) return;
		const result = await send({
			account_id: draft.accountId,
			title: draft.title,
			type: draft.type,
			priority: draft.priority,
			due_date: readDateWords(draft.due, today),
			client_summary: draft.summary.trim() === '' ? null : draft.summary,
		});
		if (!result.ok) return setProblems(problemsOf(result.error, entity.fields));
		discardDraft();
		onCreated(result.value.id);
	};
	const discard = () => {
		setDraft(discardDraft(accountId));
		setProblems({});
	};
	return { draft, problems, saving: pending, change, save, discard };
}
