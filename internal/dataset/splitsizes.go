package dataset

import "math"

// Sizes are the numbers of training and of validation examples besides so many of the test split; 0 where only the files know.
// Of one file in fractions they follow from the test split, as nearly as the rounding of its own size tells the file's.
func (s Spec) Sizes(test int) (train, valid int) {
	file, known := s.fileSize(test)
	if !known {
		return s.Train.Count(), s.Valid.Count()
	}
	share := func(a Amount) int {
		if a.Fraction() {
			return int(math.Round(float64(a) * file))
		}
		return a.Count()
	}
	valid = share(s.Valid)
	if s.Train == 0 {
		return max(0, int(math.Round(file))-test-valid), valid
	}
	return share(s.Train), valid
}

// testShare is the share of a file that is the test split where nothing else is said.
const testShare Amount = 0.2

// fileSize is the number of examples of a file of which so many are the test split; not known where this has a file of its own, as
// folders of images may have, or is no fraction of one.
func (s Spec) fileSize(test int) (n float64, known bool) {
	oneFile := s.Set == csvFile.Name || s.Set == "images" && (s.Labels != "" || s.Resample != "")
	if test == 0 || s.TestPath != "" || !oneFile {
		return 0, false
	}
	switch {
	case s.Resample == "bootstrap":
		return 0, false
	case s.Resample == "folds":
		return float64(test * s.folds()), true
	case s.Test == 0:
		return float64(test) / float64(testShare), true
	case s.Test.Fraction():
		return float64(test) / float64(s.Test), true
	}
	return 0, false
}
