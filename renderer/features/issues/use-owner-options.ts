import { useAnswer } from '../../lib/core.ts';
import type { Option } from '../../ui/InlineEdit.tsx';

/** Colleagues who can own an issue. */
export function useOwnerOptions(): readonly Option[] {
	const users = useAnswer('users.list', {}).data ?? [];
	return users.map((user) => ({ value: user.id, label: user.name }));
}
