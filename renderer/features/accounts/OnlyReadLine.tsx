import { IconEye } from '@tabler/icons-react';
import { useAnswer } from '../../lib/core.ts';
import styles from './Account.module.css';

const kinds: readonly [entity: string, word: string][] = [
	['account', 'the fields'],
	['contact', 'people'],
	['patent_asset', 'cases'],
	['visit', 'visits'],
	['note', 'notes'],
];

/** Said once on a page of an account that this person does not look after: what they read, and what is theirs to write. */
export function OnlyReadLine({ accountId }: { accountId: string }) {
	const rights = useAnswer('accounts.rights', { id: accountId }).data;
	if (!rights || rights.onlyRead.length === 0) return null;
	const { account_name, keeper, onlyRead } = rights;
	const read = kinds.filter(([entity]) => onlyRead.includes(entity)).map(([, word]) => word);
	const write = ['issues', 'tasks', ...(onlyRead.includes('visit') ? [] : ['visits and notes'])];
	return (
		<p className={styles.onlyRead} role="note">
			<IconEye size={16} stroke={1.6} aria-hidden />
			<span>
				You read {joined(read)} of {account_name}; {keeper ?? 'a colleague'} writes them. Yours to write:{' '}
				{joined(write)}, and files on them.
			</span>
		</p>
	);
}

function joined(words: readonly string[]): string {
	return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
