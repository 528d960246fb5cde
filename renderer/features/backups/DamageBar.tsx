import { useAnswer } from '../../lib/core.ts';
import { runCommand } from '../../lib/use-command.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './Backups.module.css';

/** Over every page once damage was found: nothing is written any more, and there is a way back. */
export function DamageBar() {
	const { data } = useAnswer('backups.list', {});
	if (!data?.damaged) return null;
	return (
		<div className={styles.bar} role="alert">
			<p>
				The workbook file is damaged. Fieldbook has stopped writing to it and sends nothing, so that nothing gets worse.
				What can be read is still shown.
			</p>
			<Button onClick={() => runCommand('go.backups')}>Go to the backups</Button>
		</div>
	);
}
