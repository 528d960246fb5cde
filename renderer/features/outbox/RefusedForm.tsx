import { useId } from 'react';
import type { RefusedChange } from '../../../shared/contract/sync-models.ts';
import { useAnswer } from '../../lib/core.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { FormProblem } from '../../ui/FormPanel.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { MendField } from './MendField.tsx';
import styles from './Outbox.module.css';
import { useMending } from './use-mending.ts';

/** The fields of a refused change, to be mended where they stand and sent again. */
export function RefusedForm({ group }: { group: number }) {
	const answer = useAnswer('outbox.refused', { group });
	return (
		<Answer of={answer} lines={3}>
			{(change) => <Mend change={change} />}
		</Answer>
	);
}

/** The kind of place goes along with the place. */
const shownElsewhere = 'parent_type';

function Mend({ change }: { change: RefusedChange }) {
	const mending = useMending(change);
	const prefix = useId();
	useCommand('record.save', () => void mending.mend());
	return (
		<form
			className={styles.form}
			aria-label="Mend the refused change"
			onSubmit={(event) => {
				event.preventDefault();
				void mending.mend();
			}}
		>
			{change.fields
				.filter(({ field }) => field !== shownElsewhere)
				.map((part) => (
					<MendField key={part.field} id={`${prefix}${part.field}`} change={change} part={part} mending={mending} />
				))}
			<FormProblem text={mending.problems['']} />
			<div>
				<Button
					look="primary"
					type="submit"
					why={mending.why}
					disabled={mending.pending}
					hint={<CommandKbd id="record.save" />}
				>
					Send again
				</Button>
			</div>
		</form>
	);
}
