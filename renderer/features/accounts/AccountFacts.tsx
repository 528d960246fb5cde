import type { AccountPage } from '../../../shared/contract/models.ts';
import { account as entity } from '../../../shared/entities/account.ts';
import { useSend } from '../../lib/core.ts';
import { exactInstant, shortInstant } from '../../lib/dates.ts';
import { useNow } from '../../lib/now.ts';
import { useOnlyReads } from '../../lib/rights.ts';
import { Fields } from '../../ui/Fields.tsx';
import type { Option } from '../../ui/InlineEdit.tsx';
import { Section } from '../../ui/Section.tsx';
import styles from './Account.module.css';

const own = ['priorities', 'strategic_value', 'sponsor_contact_id', 'next_visit_due'];
const office = [
	'account_no',
	'legal_name',
	'segment',
	'tier',
	'status',
	'start_date',
	'time_zone',
	'billing_currency',
	'annual_value',
];

/** The SAM's own fields, which can be typed in, above the office's, which cannot. */
export function AccountFacts({ page, people }: { page: AccountPage; people: readonly Option[] }) {
	const { account } = page;
	const { send } = useSend('accounts.update');
	const onlyReads = useOnlyReads(account.id, 'account');
	const now = useNow();
	const asOf = account.office_as_of;
	return (
		<>
			<Section title={onlyReads ? 'The account manager’s own' : 'Yours'}>
				<div className={styles.fields}>
					<Fields
						entity={entity}
						names={own}
						record={account}
						options={{ sponsor_contact_id: people }}
						onPatch={(patch, seen) => send({ id: account.id, patch, seen })}
					/>
				</div>
			</Section>
			<Section
				title="From the office"
				note={asOf ? <span title={exactInstant(asOf)}>as of {shortInstant(asOf, now)}</span> : 'never imported'}
			>
				<Fields entity={entity} names={office} record={account} currency={account.billing_currency} />
				<dl className={styles.colleagues}>
					<dt>SAM</dt>
					<dd>{page.sam ?? <span className="muted">not known</span>}</dd>
					<dt>Specialist</dt>
					<dd>{page.specialist ?? <span className="muted">not known</span>}</dd>
				</dl>
			</Section>
		</>
	);
}
