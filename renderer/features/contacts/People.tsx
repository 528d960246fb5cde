import { type ReactNode, useState } from 'react';
import type { ContactRow } from '../../../shared/contract/models.ts';
import { contact as entity } from '../../../shared/entities/contact.ts';
import { useAnswer } from '../../lib/core.ts';
import { useOnlyReads } from '../../lib/rights.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Section } from '../../ui/Section.tsx';
import { AddPerson } from './AddPerson.tsx';
import styles from './People.module.css';
import { PersonSheet } from './PersonSheet.tsx';

const shownFirst = 8;

function weight(row: ContactRow, sponsorId: string | null): number {
	if (row.status === 'LEFT' || row.status === 'BOUNCED') return 3;
	if (row.id === sponsorId) return 0;
	return row.authorised_to_instruct ? 1 : 2;
}

/** The sponsor, then those who may instruct, then the others; those who left come last. */
function byWeight(rows: readonly ContactRow[], sponsorId: string | null): ContactRow[] {
	return rows.toSorted((one, other) => weight(one, sponsorId) - weight(other, sponsorId));
}

interface PeopleProps {
	accountId: string;
	sponsorId: string | null;
	/** What is drawn below a person’s fields. */
	history(id: string): ReactNode;
}

/** The people at the client: who they are, what for, and who may instruct. */
export function People({ accountId, sponsorId, history }: PeopleProps) {
	const answer = useAnswer('contacts.list', { account_id: accountId });
	const [open, setOpen] = useState<string | null>(null);
	const [adding, setAdding] = useState(false);
	const [all, setAll] = useState(false);
	const shown = (rows: readonly ContactRow[]) =>
		all ? byWeight(rows, sponsorId) : byWeight(rows, sponsorId).slice(0, shownFirst);
	const person = answer.data?.find((row) => row.id === open);
	const onlyReads = useOnlyReads(accountId, 'contact');
	const add =
		adding || onlyReads ? null : (
			<Button look="quiet" onClick={() => setAdding(true)}>
				Add person
			</Button>
		);
	return (
		<Section title="People" action={add}>
			{adding ? <AddPerson accountId={accountId} onDone={() => setAdding(false)} onAdded={setOpen} /> : null}
			<Answer of={answer} lines={2}>
				{(rows) =>
					rows.length === 0 && !adding ? (
						<EmptyState title="Nobody here yet">The people you meet at this client belong here.</EmptyState>
					) : (
						<ul>
							{shown(rows).map((row) => (
								<Person key={row.id} row={row} sponsor={row.id === sponsorId} onOpen={() => setOpen(row.id)} />
							))}
						</ul>
					)
				}
			</Answer>
			{(answer.data?.length ?? 0) > shownFirst ? (
				<Button look="quiet" onClick={() => setAll(!all)}>
					{all ? 'Show fewer' : `Show all ${answer.data?.length}`}
				</Button>
			) : null}
			{person ? <PersonSheet person={person} history={history(person.id)} onClose={() => setOpen(null)} /> : null}
		</Section>
	);
}

function Person({ row, sponsor, onOpen }: { row: ContactRow; sponsor: boolean; onOpen(): void }) {
	const role = row.role ? entity.fields.role.values[row.role] : null;
	const left = row.status === 'LEFT' || row.status === 'BOUNCED' ? entity.fields.status.values[row.status] : null;
	return (
		<li>
			<button type="button" className={styles.person} onClick={onOpen}>
				<span className={styles.name}>{row.full_name}</span>
				<span className={styles.tail}>
					{left ? <span className="amber">{left}</span> : row.authorised_to_instruct ? 'may instruct' : null}
				</span>
				<span className={styles.detail}>{[sponsor ? 'Sponsor' : role, row.job_title].filter(Boolean).join(' · ')}</span>
			</button>
		</li>
	);
}

/** For choosing a person in a field. */
export function usePeopleOptions(accountId: string) {
	const rows = useAnswer('contacts.list', { account_id: accountId }).data ?? [];
	return rows.map((row) => ({ value: row.id, label: row.full_name }));
}
