import { useEffect, useRef, useState } from 'react';
import { isTyping } from '../../lib/keys.ts';

type Take = (files: readonly File[]) => void;

/** Takes files dropped anywhere on the page or pasted into it. True while some hover over it. */
export function useFileTarget(take: Take | null): boolean {
	const [over, setOver] = useState(false);
	const latest = useRef(take);
	useEffect(() => {
		latest.current = take;
	});
	const isOpen = take !== null;
	useEffect(() => {
		if (!isOpen) return undefined;
		const onOver = (event: DragEvent) => {
			if (!event.dataTransfer?.types.includes('Files')) return;
			event.preventDefault();
			setOver(true);
		};
		const onLeave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
		const onDrop = (event: DragEvent) => {
			setOver(false);
			const files = [...(event.dataTransfer?.files ?? [])];
			if (files.length === 0) return;
			event.preventDefault();
			latest.current?.(files);
		};
		const onPaste = (event: ClipboardEvent) => {
			const files = [...(event.clipboardData?.files ?? [])];
			// Cells of a spreadsheet come as text and as a picture of it; in a field the text is meant.
			const isText = event.clipboardData?.types.some((type) => type.startsWith('text/')) && isTyping(event.target);
			if (files.length === 0 || isText) return;
			event.preventDefault();
			latest.current?.(files);
		};
		const stop = new AbortController();
		const { signal } = stop;
		window.addEventListener('dragover', onOver, { signal });
		window.addEventListener('dragleave', onLeave, { signal });
		window.addEventListener('drop', onDrop, { signal });
		window.addEventListener('paste', onPaste, { signal });
		return () => stop.abort();
	}, [isOpen]);
	return over;
}
