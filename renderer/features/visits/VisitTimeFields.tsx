import { useId, useState } from 'react';
import type { CallError, CallResult } from '../../../shared/contract/errors.ts';
import { visit as entity, type Visit } from '../../../shared/entities/visit.ts';
import { errorLine } from '../../lib/error-words.ts';
import { MomentInput } from './MomentInput.tsx';
import styles from './Visit.module.css';
import { movedEnd } from './visit-time.ts';
import { ZoneSelect } from './ZoneSelect.tsx';

interface VisitTimeFieldsProps {
	visit: Visit;
	onPatch(patch: Record<string, unknown>): Promise<CallResult<unknown>>;
}

/** Start, end and zone at the site, each saved when left. A moved start takes the end with it. */
export function VisitTimeFields({ visit, onPatch }: VisitTimeFieldsProps) {
	const id = useId();
	const [error, setError] = useState<CallError | null>(null);
	const { local_start, local_end } = visit;
	const save = async (patch: Record<string, unknown>) => {
		const result = await onPatch(patch);
		setError(result.ok ? null : result.error);
	};
	const moveStart = (start: string) =>
		void save({ local_start: start, local_end: movedEnd({ start: local_start, end: local_end }, start) });
	return (
		<div className={styles.stacked}>
			<label htmlFor={`${id}start`}>Starts</label>
			<MomentInput id={`${id}start`} label="Starts" value={local_start} onChange={moveStart} />
			<label htmlFor={`${id}end`}>Ends</label>
			<MomentInput
				id={`${id}end`}
				label="Ends"
				value={local_end}
				onChange={(end) => void save({ local_end: end })}
				invalid={error !== null}
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
