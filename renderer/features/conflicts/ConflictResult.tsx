import type { RefObject } from 'react';
import type { ConflictRow } from '../../../shared/contract/sync-models.ts';
import { useAnswer } from '../../lib/core.ts';
import { FieldInput } from '../../ui/FieldInput.tsx';
import type { Option } from '../../ui/InlineEdit.tsx';
import styles from './Conflict.module.css';
import { type Decision, fieldOf, isText } from './use-decision.ts';

interface ConflictResultProps {
	row: ConflictRow;
	decision: Decision;
	/** The part that holds the input, so that a key can lead into it. */
	box: RefObject<HTMLDivElement | null>;
}

/** What will stand: a text to be written on, or an input that fits the field. */
export function ConflictResult({ row, decision, box }: ConflictResultProps) {
	const id = `result-${row.id}`;
	const field = fieldOf(row);
	const options = useOptions(field?.to, row.account_id);
	if (!field) return null;
	return (
		<div ref={box}>
			<label className={styles.label} htmlFor={id}>
				Result
			</label>
			{isText(row) ? (
				<textarea
					id={id}
					className={styles.box}
					rows={2}
					maxLength={field.max ?? (field.kind === 'long-text' ? 20_000 : 500)}
					value={String(decision.value ?? '')}
					onChange={(event) => decision.write(event.target.value)}
				/>
			) : (
				<div className={styles.picker}>
					<FieldInput
						id={id}
						field={field}
						{...(options ? { options } : {})}
						edit={{
							value: decision.value,
							failed: decision.problem !== null,
							type: decision.write,
							save: (value) => value !== undefined && decision.write(value),
							discard: () => undefined,
						}}
					/>
				</div>
			)}
		</div>
	);
}

/** What a reference may point to. */
function useOptions(to: string | undefined, accountId: string | null): readonly Option[] | undefined {
	const users = useAnswer('users.list', {}, { enabled: to === 'app_user' }).data;
	const contacts = useAnswer(
		'contacts.list',
		{ account_id: accountId ?? '-' },
		{ enabled: to === 'contact' && accountId !== null },
	).data;
	if (to === 'app_user') return (users ?? []).map((user) => ({ value: user.id, label: user.name }));
	if (to === 'contact') return (contacts ?? []).map((row) => ({ value: row.id, label: row.full_name }));
	return undefined;
}
