import { Select } from '@mantine/core';
import { useId } from 'react';
import { visit as entity } from '../../../shared/entities/visit.ts';
import { Button } from '../../ui/Button.tsx';
import {
	FormBox,
	FormField,
	FormFields,
	FormFoot,
	FormKept,
	FormPanel,
	FormProblem,
	FormTitle,
} from '../../ui/FormPanel.tsx';
import { CommandKbd, Kbd } from '../../ui/Kbd.tsx';
import { MomentInput } from './MomentInput.tsx';
import type { NewVisitState } from './use-new-visit.ts';
import { wallTime, zoneCity } from './visit-time.ts';
import { ZoneSelect } from './ZoneSelect.tsx';

const { fields } = entity;
const types = Object.entries(fields.type.values).map(([value, label]) => ({ value, label }));

/** A new visit: what for, whom, where and when at the site. The standard checklist comes with its type. */
export function NewVisit({ state, onLeave }: { state: NewVisitState; onLeave(): void }) {
	const { draft, change, problems, zone } = state;
	const id = useId();
	const text = (name: 'purpose' | 'place', label: string) => ({
		id: `${id}${name}`,
		'aria-label': label,
		maxLength: 500,
		value: draft[name],
		onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
	});
	const when = (name: 'start' | 'end', label: string) => ({
		id: `${id}${name}`,
		label,
		value: draft[name],
		onChange: (value: string) => change({ [name]: value }),
		onUnclear: state.onUnclear[name],
	});
	return (
		<FormPanel onLeave={onLeave}>
			<FormTitle {...text('purpose', fields.purpose.label)} placeholder="What is the visit for?" />
			<FormProblem text={problems['purpose']} />
			<FormFields>
				<FormField label={fields.account_id.label} target={`${id}account`} problem={problems['account_id']}>
					<Select
						id={`${id}account`}
						placeholder="Type part of the name"
						searchable
						limit={30}
						data={state.accounts.map((row) => ({ value: row.id, label: row.name }))}
						nothingFoundMessage="No account is called that"
						value={draft.accountId}
						onChange={(accountId) => change({ accountId })}
						allowDeselect={false}
						selectFirstOptionOnChange
					/>
				</FormField>
				<FormField label={fields.type.label} target={`${id}type`}>
					<Select
						id={`${id}type`}
						data={types}
						value={draft.type}
						onChange={(type) => change({ type: type ?? draft.type })}
						allowDeselect={false}
					/>
				</FormField>
				<FormField label={fields.place.label} target={`${id}place`}>
					<FormBox {...text('place', fields.place.label)} placeholder="Building, street, city" />
				</FormField>
				<FormField label={fields.time_zone.label} target={`${id}zone`} problem={problems['time_zone']}>
					<ZoneSelect id={`${id}zone`} value={zone} onChange={(chosen) => change({ zone: chosen })} />
				</FormField>
				<FormField label={fields.local_start.label} target={`${id}start`} problem={problems['local_start']}>
					<MomentInput {...when('start', fields.local_start.label)} />
				</FormField>
				<FormField label={fields.local_end.label} target={`${id}end`} problem={problems['local_end']}>
					<MomentInput {...when('end', fields.local_end.label)} />
				</FormField>
			</FormFields>
			{zone ? (
				<p className="muted">
					It is {wallTime(new Date().toISOString(), zone).slice(11)} in {zoneCity(zone)} now. Times are kept as they are
					on the wall there.
				</p>
			) : null}
			<FormProblem text={problems['']} />
			<FormFoot
				note={
					state.typed ? <FormKept onDiscard={state.discard} /> : 'The standard checklist for its type is put on it.'
				}
			>
				<Button
					look="primary"
					disabled={state.saving}
					onClick={() => void state.save()}
					hint={<CommandKbd id="record.save" />}
				>
					Plan visit
				</Button>
				<Button onClick={onLeave} hint={<Kbd keys="Escape" />}>
					Leave
				</Button>
			</FormFoot>
		</FormPanel>
	);
}
