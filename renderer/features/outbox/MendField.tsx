import { Select } from '@mantine/core';
import type { RefusedChange } from '../../../shared/contract/sync-models.ts';
import type { Field } from '../../../shared/entities/define.ts';
import { entityByName } from '../../../shared/entities/registry.ts';
import { useAnswer } from '../../lib/core.ts';
import { FieldInput } from '../../ui/FieldInput.tsx';
import { FieldText } from '../../ui/FieldText.tsx';
import { FormField } from '../../ui/FormPanel.tsx';
import type { Option } from '../../ui/InlineEdit.tsx';
import styles from './Outbox.module.css';
import { leftOut, type Mending, type RefusedField } from './use-mending.ts';

interface MendFieldProps {
	id: string;
	change: RefusedChange;
	part: RefusedField;
	mending: Mending;
}

/** What a link may lead to, for the two kinds that are mended by choosing another: people and accounts. */
function useOptions(field: Field | undefined): readonly Option[] | undefined {
	const users = useAnswer('users.list', {}, { enabled: field?.to === 'app_user' }).data;
	const accounts = useAnswer('accounts.list', {}, { enabled: field?.to === 'account' }).data;
	if (field?.to === 'app_user') return (users ?? []).map(({ id, name }) => ({ value: id, label: name }));
	if (field?.to === 'account') return (accounts ?? []).map(({ id, name }) => ({ value: id, label: name }));
	return undefined;
}

/** One value of a refused change: what was written, to be mended by its kind, and what stands now. */
export function MendField({ id, change, part, mending }: MendFieldProps) {
	const field = entityByName(change.entity)?.fields[part.field];
	const options = useOptions(field);
	const some = options ? { options } : {};
	const out = leftOut(change, part);
	const problem = mending.problems[part.field] ?? (part.problem ? `${part.label} ${part.problem}.` : undefined);
	if (!field) return null;
	return (
		<FormField label={part.label} target={id} problem={problem}>
			{out === null ? <Input id={id} part={part} field={field} {...some} mending={mending} /> : <p>{out}</p>}
			<p className={styles.standing}>
				Stands now:{' '}
				{part.standing === null || part.standing === '' ? (
					'empty'
				) : (
					<FieldText field={field} value={part.standing} {...some} />
				)}
			</p>
		</FormField>
	);
}

interface InputProps {
	id: string;
	part: RefusedField;
	field: Field;
	options?: readonly Option[];
	mending: Mending;
}

function Input({ id, part, field, options, mending }: InputProps) {
	if (part.field === 'parent_id') return <ParentInput id={id} mending={mending} />;
	// Another case or contact is chosen on the record's own page, where they can be looked for.
	if ((field.kind === 'ref' && !options) || field.kind === 'json')
		return <FieldText field={field} value={part.value} {...(options ? { options } : {})} />;
	return <FieldInput id={id} field={field} {...(options ? { options } : {})} edit={mending.draftOf(part.field)} />;
}

/** Another visit or issue of the same client, or the client itself. */
function ParentInput({ id, mending }: { id: string; mending: Mending }) {
	const account_id = String(mending.values['account_id'] ?? '');
	const enabled = account_id !== '';
	const visits = useAnswer('visits.list', { account_id, past: true }, { enabled }).data ?? [];
	const issues = useAnswer('issues.list', { account_id, open: false, limit: 500 }, { enabled }).data ?? [];
	const places = [
		...(enabled ? [{ value: account_id, label: 'The client’s own page', type: 'account' }] : []),
		...visits.map((visit) => ({ value: visit.id, label: `Visit: ${visit.purpose}`, type: 'visit' })),
		...issues.map((issue) => ({ value: issue.id, label: `Issue: ${issue.ref_no} ${issue.title}`, type: 'issue' })),
	];
	const chosen = places.find(({ value }) => value === mending.values['parent_id']);
	const choose = (parent_id: string | null) => {
		const place = places.find(({ value }) => value === parent_id);
		if (place) mending.put({ parent_id, parent_type: place.type });
	};
	return (
		<Select
			id={id}
			data={places.map(({ value, label }) => ({ value, label }))}
			value={chosen?.value ?? null}
			onChange={choose}
			allowDeselect={false}
			searchable={places.length > 8}
			placeholder="choose another place"
		/>
	);
}
