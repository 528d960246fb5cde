import type { ReactNode } from 'react';
import type { ContactRow } from '../../../shared/contract/models.ts';
import { contact as entity } from '../../../shared/entities/contact.ts';
import { useSend } from '../../lib/core.ts';
import { errorLine } from '../../lib/error-words.ts';
import { useOnlyReads } from '../../lib/rights.ts';
import { showToast, showUndo } from '../../lib/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { Fields } from '../../ui/Fields.tsx';
import { Overlay } from '../../ui/Overlay.tsx';
import styles from './People.module.css';

const names = [
	'full_name',
	'job_title',
	'role',
	'authorised_to_instruct',
	'email',
	'phone',
	'language',
	'time_zone',
	'status',
	'note',
];

interface PersonSheetProps {
	person: ContactRow;
	history: ReactNode;
	onClose(): void;
}

/** One person, every field saved as it is left. */
export function PersonSheet({ person, history, onClose }: PersonSheetProps) {
	const update = useSend('contacts.update');
	const remove = useSend('contacts.delete');
	const onlyReads = useOnlyReads(person.account_id, 'contact');
	const deletePerson = async () => {
		const result = await remove.send({ id: person.id });
		if (!result.ok) return showToast(errorLine(result.error), { tone: 'red' });
		showUndo('Contact deleted');
		onClose();
	};
	return (
		<Overlay label={person.full_name} onClose={onClose}>
			<div className={styles.sheet}>
				<h2 className={styles.title}>{person.full_name}</h2>
				<Fields
					entity={entity}
					names={names}
					record={person}
					onPatch={(patch, seen) => update.send({ id: person.id, patch, seen })}
				/>
				{history}
				<div className={styles.actions}>
					{onlyReads ? null : (
						<Button look="red" onClick={() => void deletePerson()}>
							Delete
						</Button>
					)}
					<Button onClick={onClose}>Close</Button>
				</div>
			</div>
		</Overlay>
	);
}
