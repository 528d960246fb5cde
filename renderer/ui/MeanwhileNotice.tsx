import { type FocusEvent, useEffect, useRef, useState } from 'react';
import type { Field } from '../../shared/entities/define.ts';
import { useAnswer, useSend } from '../lib/core.ts';
import { errorLine } from '../lib/error-words.ts';
import { showToast } from '../lib/toasts.ts';
import { Button } from './Button.tsx';
import { FieldText } from './FieldText.tsx';
import styles from './InlineEdit.module.css';
import type { Option } from './InlineEdit.tsx';
import type { FieldDraft, Meanwhile } from './use-draft.ts';

/** Which field of which record is typed in. */
export interface FieldOf {
	entity: string;
	id: string;
	name: string;
}

interface MeanwhileNoticeProps {
	field: Field;
	options: readonly Option[] | undefined;
	of: FieldOf | undefined;
	edit: FieldDraft;
	meanwhile: Meanwhile;
	/** The id of the input, to which the cursor goes back. */
	input: string;
}

/** Under a field that somebody else changed while it was typed in: what they wrote, and the choice. Nothing is lost without it. */
export function MeanwhileNotice({ field, options, of, edit, meanwhile, input }: MeanwhileNoticeProps) {
	const who = useWriter(of);
	const { wish, choose } = useSettling({ of, edit, meanwhile });
	const pick = (choice: 'mine' | 'theirs') => {
		choose(choice);
		document.getElementById(input)?.focus();
	};
	// Going on to the choice is not leaving the field; going past it is.
	const onBlur = (event: FocusEvent<HTMLElement>) => {
		const next = event.relatedTarget;
		if (!(next instanceof Element && (event.currentTarget.contains(next) || next.id === input))) edit.save();
	};
	return (
		<div className={styles.meanwhile} role="status" data-meanwhile onBlur={onBlur}>
			<p>
				<span className="strong">{who} changed this meanwhile</span>{' '}
				{meanwhile.value === null || meanwhile.value === '' ? 'and emptied it.' : 'to'}
			</p>
			{meanwhile.value === null || meanwhile.value === '' ? null : (
				<p className={styles.theirs}>
					<FieldText field={field} value={meanwhile.value} {...(options ? { options } : {})} />
				</p>
			)}
			{wish ? (
				<p className="muted">
					{wish === 'mine' ? 'Yours' : 'Theirs'} will stand as soon as the office has answered. Until then both are
					kept.
				</p>
			) : (
				<p className={styles.choices}>
					<span className="muted">
						{meanwhile.isKept ? 'Both are kept until you decide.' : 'Your words are still here.'}
					</span>
					<Button look="quiet" onMouseDown={stayInField} onClick={() => pick('mine')}>
						Keep mine
					</Button>
					<Button look="quiet" onMouseDown={stayInField} onClick={() => pick('theirs')}>
						Take theirs
					</Button>
				</p>
			)}
		</div>
	);
}

/** A press on a button must not leave the field first, which would save it before the choice is heard. */
function stayInField(event: { preventDefault(): void }): void {
	event.preventDefault();
}

/** Who wrote what came, by the record's history. */
function useWriter(of: FieldOf | undefined): string {
	const asked = { entity: of?.entity ?? '-', id: of?.id ?? '-', limit: 50 };
	const lines = useAnswer('history.list', asked, { enabled: of !== undefined }).data;
	const line = lines?.find(({ field, origin }) => field === of?.name && origin === 'remote');
	return line?.by_name ?? 'A colleague';
}

interface Settling {
	of: FieldOf | undefined;
	edit: FieldDraft;
	meanwhile: Meanwhile;
}

/** The choice, and its way: at once while nothing has gone out, otherwise by deciding the conflict that comes of it. */
function useSettling({ of, edit, meanwhile }: Settling) {
	const [wish, setWish] = useState<'mine' | 'theirs' | null>(null);
	const { send } = useSend('conflicts.decide');
	const rows = useAnswer('conflicts.list', {}, { enabled: of !== undefined }).data;
	const conflict = rows?.find(({ row_id, field }) => row_id === of?.id && field === of.name);
	const known = useRef<string | null>(null);
	const decide = async (choice: 'mine' | 'theirs') => {
		if (!conflict) return;
		const mine = edit.value === meanwhile.value ? meanwhile.mine : edit.value;
		const own = conflict.mine_is_me ? 'mine' : 'theirs';
		const other = own === 'mine' ? 'theirs' : 'mine';
		const isNewer = choice === 'mine' && conflict[`${own}_value`] !== mine;
		const result = await send(
			isNewer
				? { id: conflict.id, choice: 'other', value: (mine ?? null) as string | null }
				: { id: conflict.id, choice: choice === 'mine' ? own : other },
		);
		if (result.ok) edit.letGo();
		else showToast(errorLine(result.error, conflict.field_label), { tone: 'red' });
		setWish(null);
	};
	const choose = (choice: 'mine' | 'theirs') => {
		if (conflict) void decide(choice);
		else if (meanwhile.isKept) setWish(choice);
		else edit.settle(choice);
	};
	const latest = useRef({ decide, letGo: edit.letGo });
	useEffect(() => {
		latest.current = { decide, letGo: edit.letGo };
	});
	const id = conflict?.id ?? null;
	useEffect(() => {
		if (id !== null && wish) void latest.current.decide(wish);
		// It was decided on another page or by somebody else.
		else if (id === null && known.current !== null) latest.current.letGo();
		known.current = id;
	}, [id, wish]);
	return { wish, choose };
}
