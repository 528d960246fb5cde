import { Select } from '@mantine/core';
import { useId } from 'react';
import { issue as entity } from '../../../shared/entities/issue.ts';
import { useAnswer } from '../../lib/core.ts';
import { Button } from '../../ui/Button.tsx';
import { FormField, FormFields, FormFoot, FormKept, FormPanel, FormProblem, FormTitle } from '../../ui/FormPanel.tsx';
import { CommandKbd, Kbd } from '../../ui/Kbd.tsx';
import { bestFirst } from './best-first.ts';
import { DueBox } from './DueBox.tsx';
import { hasWords } from './issue-draft.ts';
import styles from './QuickIssue.module.css';
import type { QuickIssueState } from './use-quick-issue.ts';

const { fields } = entity;
const choices = (values: Readonly<Record<string, string>>) =>
	Object.entries(values).map(([value, label]) => ({ value, label }));

/** A new issue from the keyboard alone: title, account, type, priority, due; Ctrl+Enter saves, Esc leaves and keeps the words. */
export function QuickIssue({ state, onLeave }: { state: QuickIssueState; onLeave(): void }) {
	const { draft, change, problems } = state;
	const accounts = useAnswer('accounts.list', {}).data ?? [];
	const id = useId();
	return (
		<FormPanel onLeave={onLeave}>
			<FormTitle
				aria-label={fields.title.label}
				aria-invalid={problems['title'] !== undefined}
				placeholder="What does the client need resolved?"
				value={draft.title}
				onChange={(event) => change({ title: event.target.value })}
				onKeyDown={(event) => {
					if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
					event.preventDefault();
					document.getElementById(`${id}account`)?.focus();
				}}
			/>
			<FormProblem text={problems['title']} />
			<FormFields>
				<FormField label={fields.account_id.label} target={`${id}account`} problem={problems['account_id']}>
					<Select
						id={`${id}account`}
						placeholder="Type part of the name"
						searchable
						limit={30}
						data={accounts.map((row) => ({ value: row.id, label: row.name }))}
						nothingFoundMessage="No account is called that"
						value={draft.accountId}
						onChange={(accountId) => change({ accountId })}
						allowDeselect={false}
						selectFirstOptionOnChange
						filter={bestFirst}
						error={problems['account_id'] !== undefined}
					/>
				</FormField>
				<FormField label={fields.due_date.label} target={`${id}due`} problem={problems['due_date']}>
					<DueBox id={`${id}due`} text={draft.due} onText={(due) => change({ due })} />
				</FormField>
				<FormField label={fields.type.label} target={`${id}type`}>
					<Select
						id={`${id}type`}
						data={choices(fields.type.values)}
						value={draft.type}
						onChange={(type) => change({ type: type ?? draft.type })}
						allowDeselect={false}
					/>
				</FormField>
				<FormField label={fields.priority.label} target={`${id}priority`}>
					<Select
						id={`${id}priority`}
						data={choices(fields.priority.values)}
						value={draft.priority}
						onChange={(priority) => change({ priority: priority ?? draft.priority })}
						allowDeselect={false}
					/>
				</FormField>
			</FormFields>
			<FormField label={fields.client_summary.label} target={`${id}summary`} problem={problems['client_summary']}>
				<textarea
					id={`${id}summary`}
					className={styles.summary}
					maxLength={20_000}
					placeholder="In words the client may read. Can wait."
					value={draft.summary}
					onChange={(event) => change({ summary: event.target.value })}
				/>
			</FormField>
			<FormProblem text={problems['']} />
			<FormFoot note={hasWords(draft) ? <FormKept onDiscard={state.discard} /> : null}>
				<Button
					look="primary"
					disabled={state.saving}
					onClick={() => void state.save()}
					hint={<CommandKbd id="record.save" />}
				>
					Create issue
				</Button>
				<Button onClick={onLeave} hint={<Kbd keys="Escape" />}>
					Leave
				</Button>
			</FormFoot>
		</FormPanel>
	);
}
