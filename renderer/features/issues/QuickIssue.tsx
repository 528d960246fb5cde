import { Select } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useId } from 'react';
import { issue as entity } from '../../../shared/entities/issue.ts';
import { useAnswer } from '../../lib/core.ts';
import { Button } from '../../ui/Button.tsx';
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
	const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
		const open = (event.target as Element).getAttribute('aria-expanded') === 'true';
		if (event.key !== 'Escape' || open) return;
		event.preventDefault();
		event.stopPropagation();
		onLeave();
	};
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: Esc leaves from any field
		<div className={styles.panel} onKeyDown={onKeyDown}>
			<input
				type="text"
				className={styles.title}
				aria-label={fields.title.label}
				aria-invalid={problems['title'] !== undefined}
				placeholder="What does the client need resolved?"
				// biome-ignore lint/a11y/noAutofocus: the person asked for this box by C
				autoFocus
				maxLength={500}
				value={draft.title}
				onChange={(event) => change({ title: event.target.value })}
				onKeyDown={(event) => {
					if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
					event.preventDefault();
					document.getElementById(`${id}account`)?.focus();
				}}
			/>
			<Problem text={problems['title']} />
			<div className={styles.fields}>
				<Labelled label={fields.account_id.label} for={`${id}account`} problem={problems['account_id']}>
					<Select
						id={`${id}account`}
						placeholder="Type part of the name"
						searchable
						limit={30}
						data={accounts.map((row) => ({ value: row.id, label: row.name }))}
						nothingFoundMessage="No account is called that"
						value={draft.accountId}
						onChange={(accountId) => change({ accountId })}
						selectFirstOptionOnChange
						filter={bestFirst}
						error={problems['account_id'] !== undefined}
					/>
				</Labelled>
				<Labelled label={fields.due_date.label} for={`${id}due`} problem={problems['due_date']}>
					<DueBox id={`${id}due`} text={draft.due} onText={(due) => change({ due })} />
				</Labelled>
				<Labelled label={fields.type.label} for={`${id}type`}>
					<Select
						id={`${id}type`}
						data={choices(fields.type.values)}
						value={draft.type}
						onChange={(type) => change({ type: type ?? draft.type })}
						allowDeselect={false}
					/>
				</Labelled>
				<Labelled label={fields.priority.label} for={`${id}priority`}>
					<Select
						id={`${id}priority`}
						data={choices(fields.priority.values)}
						value={draft.priority}
						onChange={(priority) => change({ priority: priority ?? draft.priority })}
						allowDeselect={false}
					/>
				</Labelled>
			</div>
			<Labelled label={fields.client_summary.label} for={`${id}summary`} problem={problems['client_summary']}>
				<textarea
					id={`${id}summary`}
					className={styles.summary}
					maxLength={20_000}
					placeholder="In words the client may read. Can wait."
					value={draft.summary}
					onChange={(event) => change({ summary: event.target.value })}
				/>
			</Labelled>
			<Problem text={problems['']} />
			<div className={styles.foot}>
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
				{hasWords(draft) ? (
					<>
						<span className={styles.kept}>Leaving keeps what you typed.</span>
						<Button look="quiet" onClick={state.discard}>
							Discard
						</Button>
					</>
				) : null}
			</div>
		</div>
	);
}

interface LabelledProps {
	label: string;
	for: string;
	problem?: string | undefined;
	children: ReactNode;
}

function Labelled({ label, for: target, problem, children }: LabelledProps) {
	return (
		<div className={styles.field}>
			<label htmlFor={target}>{label}</label>
			{children}
			<Problem text={problem} />
		</div>
	);
}

function Problem({ text }: { text: string | undefined }) {
	if (!text) return null;
	return (
		<p className={styles.problem} role="alert">
			{text}
		</p>
	);
}
