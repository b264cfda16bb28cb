/** @file The page's entry: styles, states, and the application in its place. */
import { mount } from 'svelte';
import './ui/tokens.css';
import './ui/base.css';
import './ui/controls.css';
import './ui/floating.css';
import App from './App.svelte';
import { startApp } from './state/app.svelte.ts';

startApp(window);

const place = document.getElementById('app');
if (place === null) throw new Error('The page has no place for the application.');
mount(App, { target: place });
