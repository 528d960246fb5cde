import { IconHandStop } from '@tabler/icons-react';
import { useState } from 'react';
import type { Brake } from '../../../shared/contract/sync-models.ts';
import { call } from '../../lib/core.ts';
import { exactInstant } from '../../lib/dates.ts';
import { count, counted } from '../../lib/numbers.ts';
import { report } from '../../lib/report.ts';
import { brakeWords } from '../../lib/sync-words.ts';
import { showToast } from '../../lib/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './Sync.module.css';

const namedAtOnce = 6;

/** "Gone to colleagues: Halden (300 records), Orsett (12 records)"; what is to be removed, the same. */
function AccountLine({ brake, leaves }: { brake: Brake; leaves: boolean }) {
	const own = brake.accounts.filter((account) => account.leaves === leaves);
	if (own.length === 0) return null;
	const named = own.slice(0, namedAtOnce).map(({ name, records }) => `${name} (${counted(records, 'record')})`);
	const rest = own.length - named.length + (leaves === brake.deleted > 0 ? 0 : brake.moreAccounts);
	const more = rest > 0 ? ` and ${counted(rest, 'more account', 'more accounts')}` : '';
	return (
		<p>
			{leaves ? 'Gone to colleagues: ' : 'To be removed: '}
			{named.join(', ')}
			{more}
		</p>
	);
}

/** The office asks to take away more than a tenth of what is here: nothing happens until a person has said which. */
export function BrakeNotice({ brake }: { brake: Brake }) {
	const [pending, setPending] = useState(false);
	const answer = async (choice: 'apply' | 'keep') => {
		setPending(true);
		const isDone = report(await call('sync.brake', { choice }));
		setPending(false);
		if (!isDone) return;
		showToast(
			choice === 'keep' ? 'Kept: everything stays on this computer' : `${count(brake.records)} records are let go`,
		);
	};
	const letGo = (
		<Button look={brake.deleted > 0 ? 'red' : 'plain'} disabled={pending} onClick={() => void answer('apply')}>
			Let them go
		</Button>
	);
	return (
		<section
			className={styles.brake}
			aria-label={brake.deleted > 0 ? 'The office wants to remove records' : 'Accounts have gone to colleagues'}
		>
			<IconHandStop size={20} stroke={1.5} className="amber" aria-hidden />
			<div className={styles.words}>
				<h2 className={styles.title}>
					{brake.kept ? keptWords(brake) : `${brakeWords(brake)} Nothing has been removed.`}
				</h2>
				<AccountLine brake={brake} leaves />
				<AccountLine brake={brake} leaves={false} />
				{brake.kept ? null : (
					<p className="muted">
						Noticed {exactInstant(brake.at)}. {whyAsked(brake)}
					</p>
				)}
				<dl className={styles.ways}>
					{brake.kept ? null : (
						<>
							<dt>
								<Button look="primary" disabled={pending} onClick={() => void answer('keep')}>
									Keep them
								</Button>
							</dt>
							<dd>Everything stays on this computer and can be worked with. {meanwhile}</dd>
						</>
					)}
					<dt>{letGo}</dt>
					<dd>
						The {count(brake.records)} records leave this computer. What you have not sent of them goes to the office
						first{brake.leaving > 0 ? ', and your colleagues find it among their hand-overs' : ''}.
					</dd>
				</dl>
				{brake.kept ? <p className="muted">{meanwhile}</p> : null}
			</div>
		</section>
	);
}

const meanwhile =
	'Nothing is fetched from the office meanwhile; what you write is still sent, and the office is asked again every ten minutes.';

function keptWords({ records, held, deleted }: Brake): string {
	const why = deleted > 0 ? 'that the office wants to remove' : 'whose accounts have gone to colleagues';
	return `You hold on to ${count(records)} of ${counted(held, 'record')} ${why}.`;
}

function whyAsked({ deleted }: Brake): string {
	return deleted > 0
		? 'It is more than a tenth of what is here, so you are asked first. Ask the office if you did not expect it.'
		: 'A single account would simply go; these are more than half of yours, so you are asked first. Ask your manager if you did not expect it.';
}
