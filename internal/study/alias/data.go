package alias

// dataKeys are what programs call the keys of the data block, where they stand in it. A sweep that has such a name may
// mean something else by it.
var dataKeys = map[string][]string{
	"set": {"name", "type", "kind", "format", "source"},
	"path": {"file", "filename", "filepath", "csv", "csvfile", "root", "folder", "dir", "directory", "trainpath", "trainfile",
		"traincsv", "location", "imagedir", "datapath"},
	"test_path": {"testfile", "testcsv", "testdir", "testdata", "evalpath", "testfolder"},
	"label": {"target", "targets", "y", "class", "outcome", "response", "dependent", "groundtruth", "predict", "labelcolumn",
		"output", "outputs"},
	"labels": {"labelsfile", "labelfile", "labelscsv", "labelspath", "annotations", "annotationfile", "metadata"},
	"columns": {"features", "feature", "inputs", "x", "usecols", "featurecolumns", "featurecols", "inputcolumns", "predictors",
		"xcols", "variables"},
	"drop": {"ignore", "exclude", "dropcolumns", "dropcols", "ignorecolumns", "skipcolumns", "omit", "indexcol", "index", "id",
		"idcolumn", "idcol", "remove"},
	"one_hot": {"categorical", "categoricals", "categoricalcolumns", "categoricalfeatures", "catcolumns", "catfeatures", "catcols",
		"dummies", "getdummies", "categories", "nominal", "onehotencode"},
	"group":  {"groups", "subject", "patient", "groupcolumn", "groupcol", "groupby", "cluster"},
	"sep":    {"separator", "delimiter", "delim", "delimwhitespace"},
	"header": {"headerrow", "hasheader", "firstline"},
	"task":   {"tasktype", "problem", "problemtype", "objective"},
	"size":   {"imagesize", "imgsize", "resize", "imsize", "targetsize", "resolution"},
	"train": {"nsamples", "trainfraction", "trainfrac", "trainratio", "samplesize", "maxsamples", "limit", "subset", "fraction",
		"sample"},
	"valid": {"valratio", "valfrac", "validratio", "validfrac", "validfraction", "dev", "devsize", "eval", "validationratio"},
	"test":  {"testratio", "testfrac"},
	"noise": {"noisestd", "noiselevel", "sigma"},
	"target_scale": {"targettransform", "scaletarget", "scaletargets", "scaley", "ytransform", "normalizetarget", "targetscaler",
		"standardizey", "normalizey", "targetscaling", "standardizetarget"},
	"resample": {"resampling", "sampling", "splitter", "cvtype", "splitmethod", "strategy"},
}

const (
	crossValidation = "cross-validation is data: {resample: folds, folds: 5}, with a data seed for each fold"
	filledIn        = "nothing is filled in: fill what is missing, leave its rows out, or leave its column out with drop"
	fetched         = "the program reads files only: download the file and give its path; data get fetches the published sets"
	asTheyAre       = "examples are taken as they are"
	aPart           = "validation examples are a part of the training file: valid: 0.1"
	seeded          = "seeds stand beside base and grid, and seeds: {data: 5} draws the splits anew"
)

// dataNotes say what to do about names in the data block that no one key is like.
var dataNotes = map[string]string{
	"cv": crossValidation, "nsplits": crossValidation, "kfold": crossValidation, "kfolds": crossValidation,
	"nfolds":   crossValidation,
	"numfolds": crossValidation, "crossvalidation": crossValidation, "crossval": crossValidation, "fold": crossValidation,
	"stratifiedkfold": crossValidation, "loo": crossValidation, "leaveoneout": crossValidation,
	"bootstrap":  "write data: {resample: bootstrap}, with a data seed for each sample",
	"nbootstrap": "write data: {resample: bootstrap}, with a data seed for each sample",
	"repeats":    seeded, "nrepeats": seeded, "seed": seeded, "seeds": seeded,
	"randomstate": seeded, "randomseed": seeded, "splitseed": seeded,
	"shuffle":    "files are split at random by the data seed, and examples shuffled in every epoch by the order seed",
	"stratify":   "the splits of files are stratified",
	"stratified": "the splits of files are stratified",
	"navalues":   filledIn, "fillna": filledIn, "dropna": filledIn, "impute": filledIn, "imputer": filledIn, "imputation": filledIn,
	"missing": filledIn, "missingvalues": filledIn,
	"encoding":  "text is UTF-8, and any other is read as Windows-1252 with a warning",
	"decimal":   "decimal commas are read where semicolons, tabs, pipes or blanks separate cells",
	"thousands": "write numbers without signs of thousands",
	"skiprows":  "lines above the table that begin with # or % are left out; take out others",
	"comment":   "lines above the table that begin with # or % are left out; take out others",
	"quotechar": "cells may be in double quotes",
	"url":       fetched, "download": fetched, "uri": fetched, "link": fetched,
	"transform": asTheyAre, "transforms": asTheyAre, "augment": asTheyAre, "augmentations": asTheyAre, "randomflip": asTheyAre,
	"flatten":   "the pixels of images are inputs, row by row",
	"grayscale": "images are read as grey if all of them are; write grey files",
	"greyscale": "images are read as grey if all of them are; write grey files",
	"colormode": "images are read as grey if all of them are; write grey files",
	"valpath":   aPart, "validpath": aPart,
	"valfile": aPart,
	"valdir":  aPart,
	"balance": "class_weights in base weighs classes", "oversample": "class_weights in base weighs classes",
	"undersample": "class_weights in base weighs classes", "smote": "class_weights in base weighs classes",
	"sampler": "class_weights in base weighs classes", "weightedsampler": "class_weights in base weighs classes",
	"sheet":     "a sheet of a workbook is to be saved as CSV",
	"dtype":     "columns are numbers, or words with one_hot; precision is a key of base",
	"chunksize": "a table is read as a whole",
}

// InData is the key of the data block that a name in it means, or what to do about it; "" for none.
func InData(name string) (key, note string) {
	plain := last(name)
	return holder(dataKeys, plain), dataNotes[plain]
}
