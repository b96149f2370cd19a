package alias

// metrics are what programs call the metrics of a study, without the words for a split.
var metrics = map[string]string{
	"loss": "valid_loss", "error": "valid_error", "err": "valid_error", "errorrate": "valid_error", "acc": "valid_error",
	"accuracy": "valid_error", "top1": "valid_error", "categoricalaccuracy": "valid_error", "accuracyscore": "valid_error",
	"top1accuracy": "valid_error", "sparsecategoricalaccuracy": "valid_error", "misclassification": "valid_error",
	"mse": "valid_mse", "meansquarederror": "valid_mse", "nll": "valid_nll", "crossentropy": "valid_nll",
	"logloss": "valid_nll", "brier": "valid_brier", "brierscore": "valid_brier", "ece": "valid_ece",
}

// derived are what programs call the metrics that are computed of outputs on the test split.
var derived = map[string]string{
	"auc": "test_auc", "rocauc": "test_auc", "aucroc": "test_auc", "auroc": "test_auc", "rocaucscore": "test_auc",
	"f1": "test_f1", "f1score": "test_f1", "f1macro": "test_f1", "macrof1": "test_f1", "f1scoremacro": "test_f1",
	"macrof1score": "test_f1", "balancedaccuracy": "test_balanced_error", "balancedacc": "test_balanced_error",
	"bacc": "test_balanced_error", "balancedaccuracyscore": "test_balanced_error", "balancederror": "test_balanced_error",
	"ber": "test_balanced_error", "r2": "test_r2", "r2score": "test_r2", "rsquared": "test_r2",
}
