import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** Mantine asks for ten shades; Fieldbook has one accent, and the theme file says which. */
const accent = Array.from({ length: 10 }, () => 'var(--accent)') as unknown as MantineColorsTuple;

const instantly = { transitionProps: { duration: 0 } };

/** Structure only. Colours and sizes come from theme.css. */
export const mantineTheme = createTheme({
	primaryColor: 'accent',
	colors: { accent },
	fontFamily: 'var(--font)',
	headings: { fontFamily: 'var(--font)', fontWeight: '600' },
	defaultRadius: 'var(--radius)',
	cursorType: 'default',
	respectReducedMotion: true,
	components: {
		Input: { defaultProps: { size: 'sm' } },
		Select: {
			defaultProps: { comboboxProps: { ...instantly, shadow: 'none' }, checkIconPosition: 'right', size: 'sm' },
		},
		MultiSelect: { defaultProps: { comboboxProps: { ...instantly, shadow: 'none' }, size: 'sm' } },
		Popover: { defaultProps: { ...instantly, shadow: 'none' } },
		Menu: { defaultProps: { ...instantly, shadow: 'none' } },
		Tooltip: { defaultProps: { ...instantly, openDelay: 400 } },
		Modal: {
			defaultProps: {
				transitionProps: { duration: 0 },
				shadow: 'none',
				centered: false,
				yOffset: '12vh',
				overlayProps: { backgroundOpacity: 0.35 },
			},
		},
		Checkbox: { defaultProps: { size: 'xs' } },
		Switch: { defaultProps: { size: 'sm' } },
	},
});
