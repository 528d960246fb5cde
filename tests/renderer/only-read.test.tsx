import { screen, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, it } from 'vitest';
import { OnlyReadLine } from '../../renderer/features/accounts/OnlyReadLine.tsx';
import { People } from '../../renderer/features/contacts/People.tsx';
import { Files } from '../../renderer/features/files/Files.tsx';
import { Checklist } from '../../renderer/features/visits/Checklist.tsx';
import { Fields } from '../../renderer/ui/Fields.tsx';
import type { VisitPage } from '../../shared/contract/models.ts';
import { onlyRead } from '../../shared/domain/only-read.ts';
import { issue } from '../../shared/entities/issue.ts';
import { visit } from '../../shared/entities/visit.ts';
import { draw } from './screen.tsx';

const item = { id: 'c-1', text: 'Badge', done_at: null, due_days: null };
const page = { visit: { id: 'v-1', account_id: 'acc-2' }, checklist: [item] } as unknown as VisitPage;
const onPatch = async () => ({ ok: true, value: null }) as const;

/** Drawn for a person of this role; `keeps`: the account is their own. */
function open(role: string, part: ReactNode, keeps = false) {
	const rights = { account_name: 'Halden Pharma AG', keeper: 'Mara Lindt', onlyRead: onlyRead(role, { keeps }) };
	return draw(part, { answers: { 'accounts.rights': () => rights, 'contacts.list': () => [] } });
}

const parts = (
	<>
		<OnlyReadLine accountId="acc-2" />
		<Fields
			entity={visit}
			names={['place']}
			record={{ id: 'v-1', account_id: 'acc-2', place: 'Basel' }}
			onPatch={onPatch}
		/>
		<Fields
			entity={issue}
			names={['remedy']}
			record={{ id: 'i-1', account_id: 'acc-2', remedy: 'Ask' }}
			onPatch={onPatch}
		/>
		<Checklist page={page} />
		<People accountId="acc-2" sponsorId={null} history={() => null} />
	</>
);

it('a manager reads what others keep as plain text, is told so once, and writes what is theirs', async () => {
	open('MANAGER', parts);
	const line = await screen.findByRole('note');
	expect(line.textContent).toBe(
		'You read the fields, people, cases, visits and notes of Halden Pharma AG; Mara Lindt writes them. Yours to write: issues and tasks, and files on them.',
	);
	expect(screen.getAllByRole('note')).toHaveLength(1);
	await waitFor(() => expect(screen.queryByLabelText('Place')).toBeNull());
	expect(screen.getByText('Basel')).toBeTruthy();
	expect(screen.getByLabelText(/^Remedy/)).toBeTruthy();
	expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Badge' }).disabled).toBe(true);
	for (const name of ['Add an item', 'Remove Badge']) expect(screen.queryByLabelText(name)).toBeNull();
	expect(screen.queryByRole('button', { name: 'Add person' })).toBeNull();
});

it('no file is added to or deleted from a record that is only read', async () => {
	const files = <Files parent={{ parent_type: 'account', parent_id: 'acc-2' }} purpose="Contracts." onlyRead />;
	open('MANAGER', files);
	expect(await screen.findByText('Contracts.')).toBeTruthy();
	expect(screen.queryByRole('button', { name: /^Add files/ })).toBeNull();
});

it.each([
	['SAM', false],
	['MANAGER', true],
])('a %s whose account it is edits everything (a manager of their own account: %s)', async (role, keeps) => {
	open(role, parts, keeps);
	expect(await screen.findByRole('button', { name: 'Add person' })).toBeTruthy();
	expect(screen.queryByRole('note')).toBeNull();
	expect(screen.getByLabelText('Place')).toBeTruthy();
	expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Badge' }).disabled).toBe(false);
});
