import { useId } from 'react';
import { call, useAnswer } from '../../lib/core.ts';
import { count, fileSize } from '../../lib/numbers.ts';
import { report } from '../../lib/report.ts';
import styles from './Files.module.css';

export interface Keeping {
	kind: 'account' | 'visit';
	id: string;
}

const words: Record<Keeping['kind'], string> = {
	account: 'Keep files of this client on this laptop',
	visit: 'Keep files of this visit on this laptop',
};

/** Chooses an account or a visit for offline use: its files are fetched and stay. */
export function KeepFiles({ of }: { of: Keeping }) {
	const id = useId();
	const { data } = useAnswer('offline.list', {});
	const choice = data?.choices.find((one) => one.kind === of.kind && one.id === of.id);
	const turn = async (chosen: boolean) => report(await call('offline.choose', { ...of, chosen }));
	return (
		<div className={styles.keep}>
			<input
				id={id}
				type="checkbox"
				checked={choice !== undefined}
				disabled={data === undefined}
				onChange={(event) => void turn(event.currentTarget.checked)}
			/>
			<label htmlFor={id}>{words[of.kind]}</label>
			{choice && choice.files > 0 ? (
				<span className={`${styles.kept} figures`}>
					{choice.here === choice.files
						? `all ${count(choice.files)} here, ${fileSize(choice.bytes)}`
						: `${count(choice.here)} of ${count(choice.files)} here`}
				</span>
			) : null}
		</div>
	);
}
