import { useId, useState } from 'react';
import type { CallError, CallResult } from '../../../shared/contract/errors.ts';
import { visit as entity, type Visit } from '../../../shared/entities/visit.ts';
import { errorLine } from '../../lib/error-words.ts';
import { useUnsaved } from '../../lib/unsaved.ts';
import { MomentInput } from './MomentInput.tsx';
import styles from './Visit.module.css';
import { movedEnd } from './visit-time.ts';
import { ZoneSelect } from './ZoneSelect.tsx';

/** Times typed that are not stored yet: they stay on the screen until they are. */
type Times = Partial<Pick<Visit, 'local_start' | 'local_end' | 'time_zone'>>;

interface VisitTimeFieldsProps {
	visit: Visit;
	onPatch(patch: Record<string, unknown>): Promise<CallResult<unknown>>;
}

/** Start, end and zone at the site, each saved when left. A moved start takes the end with it. */
export function VisitTimeFields({ visit, onPatch }: VisitTimeFieldsProps) {
	const id = useId();
	const [error, setError] = useState<CallError | null>(null);
	const [draft, setDraft] = useState<Times>({});
	useUnsaved(error !== null);
	const { local_start, local_end } = visit;
	const shown = { ...visit, ...draft };
	const save = async (patch: Times) => {
		// What was refused before is sent along: the new time may be what makes it fit.
		const next = { ...draft, ...patch };
		setDraft(next);
		const result = await onPatch(next);
		setError(result.ok ? null : result.error);
		if (result.ok) setDraft((now) => (now === next ? {} : now));
	};
	const moveStart = (start: string) => {
		const moved = { local_end: movedEnd({ start: local_start, end: local_end }, start) };
		void save(draft.local_end ? { local_start: start } : { local_start: start, ...moved });
	};
	return (
		<div className={styles.stacked}>
			<label htmlFor={`${id}start`}>Starts</label>
			<MomentInput id={`${id}start`} label="Starts" value={shown.local_start} onChange={moveStart} />
			<label htmlFor={`${id}end`}>Ends</label>
			<MomentInput
				id={`${id}end`}
				label="Ends"
				value={shown.local_end}
				onChange={(end) => void save({ local_end: end })}
				invalid={error !== null}
			/>
			<label htmlFor={`${id}zone`}>Zone</label>
			<ZoneSelect
				id={`${id}zone`}
				value={shown.time_zone}
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
