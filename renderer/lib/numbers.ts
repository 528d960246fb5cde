const whole = new Intl.NumberFormat('en-GB');

/** "25,641". */
export function count(value: number): string {
	return whole.format(value);
}

/** "1 case", "2 cases", "1,240 cases"; `many` for words that do not take an s. */
export function counted(value: number, one: string, many = `${one}s`): string {
	return `${count(value)} ${value === 1 ? one : many}`;
}

/** "1,190.00" from the stored decimal text, without passing through a binary fraction; `digits` after the point at least. */
export function decimal(text: string, digits = 2): string {
	const [, sign = '', units = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
	const rest = fraction.replace(/0+$/, '').padEnd(digits, '0');
	return `${sign}${units.replace(/\B(?=(\d{3})+$)/g, ',')}${rest && `.${rest}`}`;
}

/** "186 MB". */
export function fileSize(bytes: number): string {
	if (bytes < 1000) return counted(bytes, 'byte');
	if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
	return bytes < 1e9 ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
