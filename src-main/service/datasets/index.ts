/** @file The folders of data sets, for the other use cases. */
export { OpenDatasetFolder } from './dataset-folder.ts';
