import { Autocomplete } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type Attendee, attendee as entity } from '../../../shared/entities/visit.ts';
import { useAnswer } from '../../lib/core.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './Checklist.module.css';

interface NewAttendee {
	name: string;
	side: Attendee['side'];
	contact_id: string | null;
}

interface AddAttendeeProps {
	accountId: string;
	taken: readonly Attendee[];
	onAdd(values: NewAttendee): Promise<boolean>;
}

/** A name from the client's people, a colleague's, or any other; Enter adds it. */
export function AddAttendee({ accountId, taken, onAdd }: AddAttendeeProps) {
	const contacts = useAnswer('contacts.list', { account_id: accountId }).data ?? [];
	const users = useAnswer('users.list', {}).data ?? [];
	const [name, setName] = useState('');
	const free = (other: string) => !taken.some((person) => person.name === other);
	const groups = [
		{ group: entity.fields.side.values.CLIENT, items: contacts.map((row) => row.full_name).filter(free) },
		{ group: entity.fields.side.values.OWN, items: users.map((row) => row.name).filter(free) },
	];
	const add = async (chosen: string) => {
		const wanted = chosen.trim();
		if (wanted === '') return;
		const contact = contacts.find((row) => row.full_name === wanted);
		const side = !contact && users.some((row) => row.name === wanted) ? 'OWN' : 'CLIENT';
		// The list writes the chosen name into the box after this call. What is typed while it is saved stays.
		await Promise.resolve();
		setName('');
		const added = await onAdd({ name: wanted, side, contact_id: contact?.id ?? null });
		if (!added) setName((next) => (next === '' ? wanted : next));
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		void add(name);
	};
	return (
		<form className={styles.addPerson} onSubmit={submit}>
			<Autocomplete
				aria-label="Add an attendee"
				placeholder="Name of a contact or anyone"
				data={groups.filter((group) => group.items.length > 0)}
				limit={20}
				value={name}
				onChange={setName}
				onOptionSubmit={(value) => void add(value)}
				comboboxProps={{ position: 'bottom-start', transitionProps: { duration: 0 }, shadow: 'none' }}
				styles={{ root: { flex: 1 } }}
			/>
			<Button type="submit" disabled={name.trim() === ''}>
				Add
			</Button>
		</form>
	);
}
