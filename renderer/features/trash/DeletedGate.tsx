import type { ReactNode } from 'react';
import { Stack } from '../../ui/Stack.tsx';
import { DeletedNotice } from './DeletedNotice.tsx';
import type { TrashItem } from './use-bring-back.ts';
import { useLeftTrash } from './use-left-trash.ts';

interface DeletedGateProps extends TrashItem {
	deletedAt: string | null;
	/** The words typed into it, to be copied as text. */
	words?: readonly (string | null)[];
	/** What can be edited: only read while the record is in the trash. */
	fields: ReactNode;
	/** The rest of the page, which can be used all the same. */
	children?: ReactNode;
}

/** The page of a record that may have been deleted: who did it, and the way back. What has left the trash is not shown any more. */
export function DeletedGate({ entity, id, deletedAt, words, fields, children }: DeletedGateProps) {
	const isDeleted = deletedAt !== null;
	const typed = (words ?? []).filter((text) => text !== null && text !== '');
	const isGone = useLeftTrash({ entity, id }, deletedAt);
	return (
		<Stack>
			{isDeleted ? (
				<DeletedNotice entity={entity} id={id} words={typed.length > 0 ? () => typed.join('\n\n') : undefined} />
			) : null}
			{isGone ? null : (
				<div inert={isDeleted}>
					<Stack>{fields}</Stack>
				</div>
			)}
			{isGone ? null : children}
		</Stack>
	);
}
