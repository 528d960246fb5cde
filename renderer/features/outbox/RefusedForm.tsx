import { useId, useState } from 'react';
import type { RefusedChange } from '../../../shared/contract/sync-models.ts';
import { entityByName } from '../../../shared/entities/registry.ts';
import { useAnswer, useSend } from '../../lib/core.ts';
import { type Problems, problemsOf } from '../../lib/report.ts';
import { showToast } from '../../lib/toasts.ts';
import { useUnsaved } from '../../lib/unsaved.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { FieldInput } from '../../ui/FieldInput.tsx';
import { FieldText } from '../../ui/FieldText.tsx';
import { FormField, FormProblem } from '../../ui/FormPanel.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import type { Draft } from '../../ui/use-draft.ts';
import styles from './Outbox.module.css';

/** The fields of a refused change, to be mended where they stand and sent again. */
export function RefusedForm({ group }: { group: number }) {
	const answer = useAnswer('outbox.refused', { group });
	return (
		<Answer of={answer} lines={3}>
			{(change) => <Mend change={change} />}
		</Answer>
	);
}

type Values = Readonly<Record<string, unknown>>;

function useMending(change: RefusedChange) {
	const written = Object.fromEntries(change.fields.map(({ field, value }) => [field, value]));
	const [values, setValues] = useState<Values>(written);
	const [problems, setProblems] = useState<Problems>({});
	const { send, pending } = useSend('outbox.fix');
	useUnsaved(change.fields.some(({ field, value }) => values[field] !== value));
	const mend = async () => {
		const result = await send({ group: change.group, values: values as Record<string, never> });
		if (result.ok) return showToast('Mended. It is sent again with the rest.');
		setProblems(problemsOf(result.error, entityByName(change.entity)?.fields ?? {}));
	};
	const draftOf = (field: string): Draft => {
		const put = (value: unknown) => setValues((before) => ({ ...before, [field]: value }));
		return {
			value: values[field] ?? null,
			failed: problems[field] !== undefined,
			type: put,
			save: (value) => (value === undefined ? undefined : put(value)),
			discard: () => put(written[field]),
		};
	};
	return { problems, pending, mend, draftOf };
}

function Mend({ change }: { change: RefusedChange }) {
	const { problems, pending, mend, draftOf } = useMending(change);
	const users = useAnswer('users.list', {}).data ?? [];
	const prefix = useId();
	const fields = entityByName(change.entity)?.fields ?? {};
	const people = users.map((user) => ({ value: user.id, label: user.name }));
	useCommand('record.save', () => void mend());
	return (
		<form
			className={styles.form}
			aria-label="Mend the refused change"
			onSubmit={(event) => {
				event.preventDefault();
				void mend();
			}}
		>
			{change.fields.map(({ field: name, label, standing, problem }) => {
				const field = fields[name];
				if (!field) return null;
				const options = field.to === 'app_user' ? people : undefined;
				const id = `${prefix}${name}`;
				return (
					<FormField key={name} label={label} target={id} problem={problems[name] ?? sentence(label, problem)}>
						{canType(field, options) ? (
							<FieldInput id={id} field={field} {...(options ? { options } : {})} edit={draftOf(name)} />
						) : null}
						<p className={styles.standing}>
							Stands now:{' '}
							{standing === null || standing === '' ? (
								'empty'
							) : (
								<FieldText field={field} value={standing} {...(options ? { options } : {})} />
							)}
						</p>
					</FormField>
				);
			})}
			<FormProblem text={problems['']} />
			<div>
				<Button look="primary" type="submit" disabled={pending} hint={<CommandKbd id="record.save" />}>
					Send again
				</Button>
			</div>
		</form>
	);
}

/** A link to another record is mended on the record's own page. */
function canType(field: { kind: string; office?: true }, options: unknown): boolean {
	if (field.office || field.kind === 'json' || field.kind === 'text-doc') return false;
	return field.kind !== 'ref' || options !== undefined;
}

function sentence(label: string, problem: string | null): string | undefined {
	return problem ? `${label} ${problem}.` : undefined;
}
