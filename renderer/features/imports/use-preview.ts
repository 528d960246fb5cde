import { useEffect, useRef, useState } from 'react';
import type { ChosenFile } from '../../../shared/contract/bridge.ts';
import type { CallError } from '../../../shared/contract/errors.ts';
import type { ImportPreview } from '../../../shared/contract/models.ts';
import { call } from '../../lib/core.ts';
import type { Chosen } from './use-import.ts';

const settleMs = 200;

interface PreviewOrder {
	file: ChosenFile | null;
	accountId: string;
	chosen: Chosen;
}

interface Look {
	token: string | null;
	preview: ImportPreview | null;
	failure: CallError | null;
	reading: boolean;
}

const nothing: Look = { token: null, preview: null, failure: null, reading: false };

/**
 * What an import of the file would do, read again a moment after each change of a setting. An answer that comes after a
 * later question is dropped; the last good preview stays on screen meanwhile.
 */
export function usePreview({ file, accountId, chosen }: PreviewOrder): Omit<Look, 'token'> {
	const [look, setLook] = useState<Look>(nothing);
	const turn = useRef(0);
	useEffect(() => {
		const mine = ++turn.current;
		if (!file) return setLook(nothing);
		const token = file.token;
		setLook((now) => (now.token === token ? { ...now, reading: true } : { ...nothing, token, reading: true }));
		const ask = async () => {
			const result = await call('imports.preview', { file: token, account_id: accountId, settings: chosen });
			if (mine !== turn.current) return;
			if (result.ok) setLook({ token, preview: result.value, failure: null, reading: false });
			else setLook((now) => ({ ...now, failure: result.error, reading: false }));
		};
		const timer = setTimeout(() => void ask(), Object.keys(chosen).length > 0 ? settleMs : 0);
		return () => {
			clearTimeout(timer);
			turn.current += 1;
		};
	}, [file, accountId, chosen]);
	return look;
}
