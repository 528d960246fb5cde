import { IconEye, IconEyeOff } from '@tabler/icons-react';
import type { Note } from '../../../shared/entities/note.ts';
import { useSend } from '../../lib/core.ts';
import { errorLine } from '../../lib/error-words.ts';
import { showToast } from '../../lib/toasts.ts';
import { Button } from '../../ui/Button.tsx';

/** Whether a client may ever see this note. */
export function InternalSwitch({ note }: { note: Note }) {
	const { send } = useSend('notes.update');
	const internal = note.internal === true;
	const turn = async () => {
		const result = await send({ id: note.id, patch: { internal: !internal } });
		if (!result.ok) showToast(errorLine(result.error), { tone: 'red' });
	};
	return (
		<Button
			aria-pressed={internal}
			title={
				internal
					? 'Never shown to a client. Press to allow it.'
					: 'May be shown to the client. Press to keep it internal.'
			}
			onClick={() => void turn()}
		>
			{internal ? <IconEyeOff size={15} stroke={1.6} aria-hidden /> : <IconEye size={15} stroke={1.6} aria-hidden />}
			{internal ? 'Internal only' : 'Client may see'}
		</Button>
	);
}
