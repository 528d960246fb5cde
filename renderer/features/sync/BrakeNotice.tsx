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

/** Whose records would go: "Halden, Orsett and 3 more accounts". */
function whose({ accounts }: Brake): string {
	const named = accounts.slice(0, namedAtOnce);
	const rest = accounts.length - named.length;
	return rest > 0 ? `${named.join(', ')} and ${counted(rest, 'more account', 'more accounts')}` : named.join(', ');
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
		<Button look="red" disabled={pending} onClick={() => void answer('apply')}>
			Let them go
		</Button>
	);
	return (
		<section className={styles.brake} aria-label="The office wants to remove records">
			<IconHandStop size={20} stroke={1.5} className="amber" aria-hidden />
			<div className={styles.words}>
				<h2 className={styles.title}>
					{brake.kept ? keptWords(brake) : `${brakeWords(brake)} Nothing has been removed.`}
				</h2>
				<p>{whose(brake)}</p>
				{brake.kept ? null : (
					<p className="muted">
						Noticed {exactInstant(brake.at)}. It is more than a tenth of what is here, so you are asked first. Ask the
						office if you did not expect it.
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
						first.
					</dd>
				</dl>
				{brake.kept ? <p className="muted">{meanwhile}</p> : null}
			</div>
		</section>
	);
}

const meanwhile =
	'Nothing is fetched from the office meanwhile; what you write is still sent, and the office is asked again every ten minutes.';

function keptWords(brake: Brake): string {
	return `You hold on to ${count(brake.records)} of ${counted(brake.held, 'record')} that the office wants to remove.`;
}
