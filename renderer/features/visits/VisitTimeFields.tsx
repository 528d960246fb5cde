import { useId, useState } from 'react';
import type { CallError, CallResult } from '../../../shared/contract/errors.ts';
import { visit as entity, type Visit } from '../../../shared/entities/visit.ts';
import { errorLine } from '../../lib/error-words.ts';
import styles from './Visit.module.css';
import { movedEnd } from './visit-time.ts';
import { ZoneSelect } from './ZoneSelect.tsx';

interface VisitTimeFieldsProps {
	visit: Visit;
	onPatch(patch: Record<string, unknown>): Promise<CallResult<unknown>>;
}

/** Start, end and zone at the site. A date being typed is saved once it is left. */
export function VisitTimeFields({ visit, onPatch }: VisitTimeFieldsProps) {
	const id = useId();
	const [draft, setDraft] = useState<{ local_start?: string; local_end?: string }>({});
	const [error, setError] = useState<CallError | null>(null);
	const save = async (patch: Record<string, unknown>) => {
		const result = await onPatch(patch);
		setError(result.ok ? null : result.error);
		if (result.ok) setDraft({});
	};
	const saveStart = () => {
		const start = draft.local_start;
		if (!start || start === visit.local_start) return;
		const end = movedEnd({ start: visit.local_start, end: visit.local_end }, start);
		void save({ local_start: start, local_end: end });
	};
	const saveEnd = () => {
		if (draft.local_end && draft.local_end !== visit.local_end) void save({ local_end: draft.local_end });
	};
	return (
		<div className={styles.stacked}>
			<label htmlFor={`${id}start`}>Starts</label>
			<input
				id={`${id}start`}
				type="datetime-local"
				data-own-field
				className={styles.box}
				value={draft.local_start ?? visit.local_start}
				onChange={(event) => setDraft({ ...draft, local_start: event.target.value })}
				onBlur={saveStart}
			/>
			<label htmlFor={`${id}end`}>Ends</label>
			<input
				id={`${id}end`}
				type="datetime-local"
				className={styles.box}
				aria-invalid={error !== null}
				value={draft.local_end ?? visit.local_end}
				onChange={(event) => setDraft({ ...draft, local_end: event.target.value })}
				onBlur={saveEnd}
			/>
			<label htmlFor={`${id}zone`}>Zone</label>
			<ZoneSelect
				id={`${id}zone`}
				value={visit.time_zone}
				onChange={(zone) => zone && void save({ time_zone: zone })}
			/>
			{error ? (
				<p className={styles.problem} role="alert">
					{errorLine(error, entity.fields.local_end.label)}
				</p>
			) : null}
		</div>
	);
}
